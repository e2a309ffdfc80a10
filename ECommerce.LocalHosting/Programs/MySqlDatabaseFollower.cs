using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Programs;

/// <summary>Creates the database whenever its server has come up, and shows the server's state as its own.</summary>
internal sealed class MySqlDatabaseFollower(MySqlDatabaseResource database, ResourceNotificationService notifications,
    ResourceLoggerService loggers)
{
    private int? _createdIn;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                if (ReferenceEquals(change.Resource, database.Parent))
                    await FollowAsync(change.Snapshot, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private async Task FollowAsync(CustomResourceSnapshot server, CancellationToken cancellationToken)
    {
        string? problem = null;
        var pid = server.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value as int?;
        if (server.HealthStatus == HealthStatus.Healthy && pid != _createdIn)
        {
            problem = await CreateAsync(cancellationToken).ConfigureAwait(false);
            _createdIn = problem is null ? pid : null;
        }

        var healthy = server.HealthStatus == HealthStatus.Healthy && _createdIn is not null;
        var report = new HealthReportSnapshot($"{database.Name}_check", healthy ? HealthStatus.Healthy : HealthStatus.Unhealthy, problem,
            null);
        await notifications.PublishUpdateAsync(database, snapshot => snapshot with
        {
            State = server.State,
            StartTimeStamp = server.StartTimeStamp,
            StopTimeStamp = server.StopTimeStamp,
            ExitCode = server.ExitCode,
            HealthReports = [report],
        }).ConfigureAwait(false);
    }

    private async Task<string?> CreateAsync(CancellationToken cancellationToken)
    {
        var name = database.DatabaseName.Replace("`", "``", StringComparison.Ordinal);
        var port = database.Parent.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture);
        string[] args =
        [
            "--no-defaults", "--protocol=tcp", "--host=127.0.0.1", $"--port={port}", $"--user={MySqlServerResource.UserName}",
            $"--execute=CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4",
        ];
        var start = new ProcessStartInfo(Executables.Require("mariadb"), args)
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        // Not an argument: everybody may read those.
        start.Environment["MYSQL_PWD"] = await database.Parent.PasswordParameter.GetValueAsync(cancellationToken).ConfigureAwait(false);

        using var client = Process.Start(start)!;
        client.StandardInput.Close();
        var errors = await client.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        await client.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (client.ExitCode == 0)
        {
            loggers.Append(database.Name, $"Database '{database.DatabaseName}' is there.", isError: false);
            return null;
        }

        loggers.Append(database.Name, $"Database '{database.DatabaseName}' could not be created: {errors.Trim()}", isError: true);
        return errors.Trim();
    }
}
