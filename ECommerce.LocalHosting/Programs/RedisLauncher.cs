using System.Globalization;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Programs;

internal sealed class RedisLauncher(IServiceProvider services, DataFolder data) : ILauncher
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    public async Task<ProcessSpec> PrepareAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var redis = (RedisResource)instance.Resource;
        var folder = data.Create(redis.Name);
        var config = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"port {instance.Ports[RedisResource.PrimaryEndpointName]}")
            .AppendLine("bind 127.0.0.1")
            .AppendLine(CultureInfo.InvariantCulture, $"dir \"{folder}\"")
            .AppendLine("daemonize no")
            .AppendLine(Save(redis));
        if (redis.PasswordParameter is { } password)
        {
            config.AppendLine(CultureInfo.InvariantCulture,
                $"requirepass \"{await password.GetValueAsync(cancellationToken).ConfigureAwait(false)}\"");
        }

        // A private file, not the command line: everybody may read that.
        var file = Path.Combine(folder, "redis.conf");
        PrivateFile.Write(file, config.ToString());
        var args = await LaunchArguments.ArgsAsync(instance, cancellationToken).ConfigureAwait(false);
        var environment = await LaunchArguments.EnvironmentAsync(instance, services, [], cancellationToken).ConfigureAwait(false);
        return new(Executables.Require("redis-server"), [file, .. args], folder) { Environment = environment };
    }

    public async Task WaitUntilReadyAsync(ResourceInstance instance, ManagedProcess process, CancellationToken cancellationToken) =>
        await Readiness.WaitAsync(instance, process, RedisPing.FindProblemAsync, LongestStart, cancellationToken).ConfigureAwait(false);

    private static string Save(RedisResource redis) =>
        redis.Annotations.OfType<RedisPersistenceAnnotation>().LastOrDefault() is { } persistence
        ? string.Create(CultureInfo.InvariantCulture, $"save {persistence.Interval.TotalSeconds:0} {persistence.KeysChangedThreshold}")
        : "save \"\"";
}
