using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.AppHost.Hosting;

/// <summary>What this run uses of the machine: settings, data folder, which servers are containers.</summary>
internal sealed record Machine(AppHostSettings Settings, DataFolder Data, bool RedisInContainer, bool MySqlInContainer)
{
    /// <summary>Checks everything that could prevent the start, and installs missing programs.</summary>
    /// <exception cref="StartupException">The system cannot start.</exception>
    public static Machine Prepare(IDistributedApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var settings = AppHostSettings.Parse(configuration);
        var data = DataFolder.Open(settings.Data, configuration["AppHost:PathSha256"]![..10]);
        Ports.RequireFree(configuration, settings.Port);
        // Keeps the lock of the folder until the process ends.
        builder.Services.AddSingleton(data);

        if (settings.Containers)
        {
            RequireRuntime(configuration);
            return new Machine(settings, data, RedisInContainer: true, MySqlInContainer: true);
        }

        LocalPrograms[] servers = [LocalPrograms.Redis, LocalPrograms.MariaDb];
        if (servers.Any(server => server.Missing.Any()) && FindRuntime(configuration))
            return new Machine(settings, data, LocalPrograms.Redis.Missing.Any(), LocalPrograms.MariaDb.Missing.Any());

        LocalPrograms.Require(servers, !settings.NoInstall);
        return new Machine(settings, data, RedisInContainer: false, MySqlInContainer: false);
    }

    private static void RequireRuntime(IConfiguration configuration)
    {
        if (!FindRuntime(configuration))
        {
            throw new StartupException(
                "--containers=true needs a container runtime that runs: start Docker or Podman, or leave the option "
                + "out.");
        }
    }

    private static bool FindRuntime(IConfiguration configuration)
    {
        if (ContainerRuntime.Find() is not { } runtime)
            return false;
        // Aspire prefers docker, whose client may be installed without a server.
        configuration["ASPIRE_CONTAINER_RUNTIME"] ??= runtime;
        return true;
    }
}

internal static class MachineExtensions
{
    /// <summary>Keeps the data of MySQL in the folder of <c>--data</c>, otherwise in a volume of this clone.</summary>
    public static IResourceBuilder<MySqlServerResource> WithDataOf(
        this IResourceBuilder<MySqlServerResource> mySql, Machine machine) =>
        machine.Settings.Data is null
            ? mySql.WithDataVolume()
            : mySql.WithDataBindMount(machine.Data.CreateSubfolder(mySql.Resource.Name));
}
