using ECommerce.Caching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Caching;

/// <summary>
/// A node that cannot say that it is cut off, and so serves nothing without a lease. Without it a node that stood still for longer than its registration lasts
/// may show for two seconds what a writer was told is applied: that is what <see cref="ICutOffNodes"/> is for.
/// </summary>
internal sealed class MuteCutOffNodes : ICutOffNodes
{
    public static void AddTo(IServiceCollection services) => services.AddSingleton<ICutOffNodes>(new MuteCutOffNodes());

    public Task SayAsync(string node, TimeSpan period, CancellationToken cancellationToken = default) => Task.FromException(new InvalidOperationException("There is no database."));
}
