using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Support;

/// <summary>
/// A node that cannot announce its partition, and so serves nothing without a lease. Without it a node that stood still
/// for longer than its registration may serve stale entries for two seconds after an applied write: that is what
/// <see cref="IPartitionedNodes"/> is for.
/// </summary>
internal sealed class MutePartitionedNodes : IPartitionedNodes
{
    public static void AddTo(IServiceCollection services) =>
        services.AddSingleton<IPartitionedNodes>(new MutePartitionedNodes());

    public Task AnnounceAsync(string node, TimeSpan period, CancellationToken cancellationToken = default) =>
        Task.FromException(new InvalidOperationException("There is no database."));
}
