using System.Data.Common;
using System.Diagnostics;
using ECommerce.ServiceDefaults.MySql;

namespace ECommerce.TestSupport;

/// <summary>
/// A private MariaDB of the system's packages. It can be stopped and started again: that is what an outage is.
/// </summary>
internal sealed class LocalMySql(bool logsStatements = false) : IAsyncDisposable
{
    private const string Password = "tests-only";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecommerce-mysql-");
    private readonly int _port = ChildProcess.FreePort();
    private ChildProcess? _server;

    public static async Task<LocalMySql> StartNewAsync(bool logsStatements = false)
    {
        var server = new LocalMySql(logsStatements);
        await ChildProcess.RunAsync(
            "mariadb-install-db",
            ["--no-defaults", $"--datadir={server.Data}", $"--tmpdir={server._folder.FullName}", "--skip-test-db",
                "--auth-root-authentication-method=normal", .. AsRoot()]);
        await File.WriteAllTextAsync(server.InitFile, $"ALTER USER 'root'@'localhost' IDENTIFIED BY '{Password}';");
        await server.StartAsync();
        return server;
    }

    public int Port => _port;

    /// <summary>What the server has used of processors since it was started.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            using var process = Process.GetProcessById(_server!.Id);
            return process.TotalProcessorTime;
        }
    }

    /// <summary>A connection string of this server, through something that listens on another port.</summary>
    public string ThroughPort(string connectionString, int port) =>
        connectionString.Replace($"Port={_port};", $"Port={port};", StringComparison.Ordinal);

    public string ConnectionString(string database) =>
        $"Server=127.0.0.1;Port={_port};User ID=root;Password={Password};Database={database};Connection "
        + "Timeout=2;SslMode=Disabled;AllowPublicKeyRetrieval=true";

    public async Task StartAsync()
    {
        _server = ChildProcess.Start(
            "mariadbd",
            [
                "--no-defaults", $"--datadir={Data}", $"--tmpdir={_folder.FullName}", $"--port={_port}",
                    "--bind-address=127.0.0.1", $"--socket={Path.Combine(_folder.FullName, "s")}",
                $"--init-file={InitFile}", $"--pid-file={Path.Combine(_folder.FullName, "pid")}",
                    "--innodb-flush-log-at-trx-commit=2", "--skip-log-bin",
                "--innodb-buffer-pool-size=64M", "--max-connections=300", "--performance-schema=OFF",
                .. logsStatements ? [$"--general-log-file={StatementLog}", "--general-log=1"] : Array.Empty<string>(),
                .. AsRoot(),
            ]);
        await _server.UntilAsync(RespondsAsync);
    }

    public async Task StopAsync()
    {
        if (_server is null)
            return;
        await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>Stops it by a signal: connections stay open and nothing responds.</summary>
    public Task PauseAsync() => ChildProcess.PauseAsync(_server!.Id);

    public Task ResumeAsync() => ChildProcess.ResumeAsync(_server!.Id);

    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"t{Guid.NewGuid():N}";
        await using var source = new UtcMySqlDataSource(ConnectionString(""));
        await using var connection = await source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name} CHARACTER SET utf8mb4";
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>The file of a server that logs its statements.</summary>
    public string StatementLog => Path.Combine(_folder.FullName, "statements.log");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private string Data => Path.Combine(_folder.FullName, "data");

    private string InitFile => Path.Combine(_folder.FullName, "init.sql");

    // The server refuses to run as root without this option.
    private static string[] AsRoot() => Environment.UserName == "root" ? ["--user=root"] : [];

    private async Task<bool> RespondsAsync()
    {
        try
        {
            await using var source = new UtcMySqlDataSource(ConnectionString("") + ";Pooling=false");
            await using var connection = await source.OpenConnectionAsync();
            return true;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            return false;
        }
    }
}
