using MySqlConnector;

namespace ECommerce.AppHost.Hosting;

internal static class LocalMariaDb
{
    /// <summary>MariaDB as a program of this machine, with its tables in the data folder.</summary>
    public static IResourceBuilder<LocalServer> AddLocalMariaDb(
        this IDistributedApplicationBuilder builder, string name, DataFolder data)
    {
        var server = builder.AddLocalServer(name, "mariadbd", data, static (endpoint, password) =>
        {
            var (host, port) = (endpoint.Property(EndpointProperty.Host), endpoint.Property(EndpointProperty.Port));
            return ReferenceExpression.Create($"Server={host};Port={port};User ID=root;Password={password}");
        });
        var folder = server.Resource.WorkingDirectory;
        var temporary = Directory.CreateDirectory(Path.Combine(folder, "tmp")).FullName;
        var (tables, init) = (Path.Combine(folder, "data"), Path.Combine(folder, "init.sql"));
        string[] asRoot = Environment.IsPrivilegedProcess ? ["--user=root"] : [];
        return server
            .WithArgs(
                "--no-defaults",
                $"--datadir={tables}",
                // Its own: a server that starts deletes the temporary files of other servers in a shared folder.
                $"--tmpdir={temporary}",
                // Relative to the tables: the length of a socket's full path is limited.
                "--socket=mysqld.sock",
                $"--pid-file={Path.Combine(folder, "mysqld.pid")}",
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--skip-ssl",
                $"--init-file={init}",
                "--character-set-server=utf8mb4",
                "--log-warnings=1")
            .WithArgs(asRoot)
            .WithArgs(context => context.Args.Add(
                ReferenceExpression.Create($"--port={server.Resource.Endpoint.Property(EndpointProperty.TargetPort)}")))
            .OnBeforeResourceStarted(async (resource, _, ct) =>
            {
                if (!Directory.Exists(tables))
                    await CreateTablesAsync(tables, ["--no-defaults", $"--tmpdir={temporary}", .. asRoot], ct);
                var password = await resource.Password.GetValueAsync(ct);
                await DataFolder.WritePrivateAsync(init, InitialStatements(password!), ct);
            })
            .OnResourceReady((_, _, _) =>
            {
                // The server has executed it, and it contains the password.
                File.Delete(init);
                return Task.CompletedTask;
            })
            .WithConnectionCheck(ConnectAsync);
    }

    /// <summary>A database of the server.</summary>
    public static IResourceBuilder<LocalDatabase> AddDatabase(this IResourceBuilder<LocalServer> server, string name) =>
        LocalDatabase.Add(server, name).WithConnectionCheck(ConnectAsync);

    private static async Task ConnectAsync(string connectionString, CancellationToken ct)
    {
        // Not pooled: a session of an earlier check proves nothing about the present server.
        await using var connection = new MySqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(ct);
    }

    private static async Task CreateTablesAsync(string tables, string[] args, CancellationToken ct)
    {
        // Under another name until it is complete: an interrupted first start begins again.
        var unfinished = $"{tables}.new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        await LocalServerExtensions.RunAsync(
            "mariadb-install-db",
            [
                .. args, "--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=16M",
                $"--datadir={unfinished}",
            ],
            ct);
        Directory.Move(unfinished, tables);
    }

    // The password consists of letters and digits, unless it was given: then it may contain what a literal must escape.
    private static string InitialStatements(string password)
    {
        var literal = password.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("'", "''", StringComparison.Ordinal);
        return $"""
            CREATE OR REPLACE USER 'root'@'localhost' IDENTIFIED BY '{literal}';
            GRANT ALL PRIVILEGES ON *.* TO 'root'@'localhost' WITH GRANT OPTION;
            CREATE OR REPLACE USER 'root'@'127.0.0.1' IDENTIFIED BY '{literal}';
            GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
            DROP USER IF EXISTS 'root'@'::1';

            """;
    }
}
