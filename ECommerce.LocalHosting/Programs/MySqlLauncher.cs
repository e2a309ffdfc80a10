using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Programs;

/// <summary>MariaDB on a private data folder.</summary>
internal sealed class MySqlLauncher(DataFolder data, EngineSettings settings) : ILauncher
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    public async Task<ProcessSpec> PrepareAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var mysql = (MySqlServerResource)instance.Resource;
        var folder = data.Create(mysql.Name);
        var tables = Path.Combine(folder, "data");
        if (!Directory.Exists(tables))
            await CreateTablesAsync(instance, folder, tables, cancellationToken).ConfigureAwait(false);

        var init = Path.Combine(folder, "init.sql");
        PrivateFile.Write(init, InitSql(await mysql.PasswordParameter.GetValueAsync(cancellationToken).ConfigureAwait(false) ?? ""));

        var port = instance.Ports[MySqlServerResource.PrimaryEndpointName].ToString(CultureInfo.InvariantCulture);
        string[] args =
        [
            "--no-defaults",
            $"--datadir={tables}",
            $"--tmpdir={Temporary(folder)}",
            // Relative to the data folder: the full path may be longer than a socket's name can be.
            "--socket=mysqld.sock",
            $"--pid-file={Path.Combine(folder, "mysqld.pid")}",
            $"--port={port}",
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            $"--init-file={init}",
            "--character-set-server=utf8mb4",
            "--log-warnings=1",
            .. AsRoot(),
            .. settings.IsTesting ? FastAndForgetful : Durable,
        ];
        return new(Executables.Require("mariadbd"), args, folder);
    }

    public async Task WaitUntilReadyAsync(ResourceInstance instance, ManagedProcess process, CancellationToken cancellationToken)
    {
        await Readiness.WaitAsync(instance, process, MySqlGreeting.FindProblemAsync, LongestStart, cancellationToken).ConfigureAwait(false);
        // It has been run by now, and it contains the password.
        File.Delete(Path.Combine(data.Path, instance.Resource.Name, "init.sql"));
    }

    private static readonly string[] Durable = ["--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=256M"];

    private static readonly string[] FastAndForgetful =
    [
        "--innodb-flush-log-at-trx-commit=2", "--innodb-doublewrite=OFF", "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=16M",
    ];

    private async Task CreateTablesAsync(ResourceInstance instance, string folder, string tables, CancellationToken cancellationToken)
    {
        instance.Announce("Creating the system tables (only on the first start) ...");
        // Under another name until it is complete: an interrupted first start begins again.
        var unfinished = Path.Combine(folder, "data.new");
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);

        string[] args =
        [
            "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", $"--datadir={unfinished}", $"--tmpdir={Temporary(folder)}", .. AsRoot(),
            .. settings.IsTesting ? (string[])["--innodb-log-file-size=16M"] : [],
        ];
        var output = new List<string>();
        var install = ManagedProcess.Start(new(Executables.Require("mariadb-install-db"), args, folder), (line, _) => output.Add(line));
        try
        {
            var code = await install.Exited.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (code != 0)
                throw new DistributedApplicationException($"mariadb-install-db ended with code {code}:\n{string.Join('\n', output)}");
        }
        catch (OperationCanceledException)
        {
            await install.StopAsync().ConfigureAwait(false);
            throw;
        }

        Directory.Move(unfinished, tables);
    }

    // Its own: a server that starts deletes what other servers have in the system's folder for temporary files.
    private static string Temporary(string folder) => Directory.CreateDirectory(Path.Combine(folder, "tmp")).FullName;

    private static string[] AsRoot() => Environment.IsPrivilegedProcess ? ["--user=root"] : [];

    private static string InitSql(string password)
    {
        var quoted = password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
        return $"""
            CREATE OR REPLACE USER 'root'@'localhost' IDENTIFIED BY '{quoted}';
            GRANT ALL PRIVILEGES ON *.* TO 'root'@'localhost' WITH GRANT OPTION;
            CREATE OR REPLACE USER 'root'@'127.0.0.1' IDENTIFIED BY '{quoted}';
            GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
            DROP USER IF EXISTS 'root'@'::1';

            """;
    }
}
