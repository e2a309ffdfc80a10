namespace ECommerce.Api.Tests.Hosting;

/// <summary>The whole system as it is.</summary>
public sealed class SystemFixture() : AppHostFixture(TimeSpan.FromSeconds(90))
{
    private protected override Task ReadyAsync(CancellationToken cancellationToken) =>
        App.ResourceNotifications.WaitForResourceHealthyAsync("api", cancellationToken);
}
