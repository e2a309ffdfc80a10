using Aspire.Hosting;
using Aspire.Hosting.Testing;
using ECommerce.Api.Tests.EndToEnd;
using ECommerce.AppHost.Hosting;

namespace ECommerce.Api.Tests.Hosting;

/// <summary>
/// The whole system with its servers and mocks in containers, on the images that <c>eng/build-test-images.sh</c>
/// builds.
/// </summary>
public sealed class ContainerSystem() : AppHostFixture(TimeSpan.FromMinutes(4))
{
    public static bool IsFullRun => ShopSize.IsFull;

    private protected override string[] Arguments =>
    [
        "--containers=true",
        "--Images:Redis=localhost/ecommerce-test/redis:latest",
        "--Images:MySql=localhost/ecommerce-test/mysql:latest",
        "--Images:DotNet=localhost/ecommerce-test/dotnet:latest",
    ];

    private protected override void Configure(IDistributedApplicationTestingBuilder builder) =>
        builder.CreateResourceBuilder(
            builder.Resources.OfType<ServiceContainer>().Single(container => container.Name == "prestashop"))
            .WithArgs("--products=80", "--customers=200", "--addresses=300", "--orders=200");

    private protected override Task ReadyAsync(CancellationToken cancellationToken) =>
        App.HealthyReplicasAsync("api", 2, cancellationToken);
}
