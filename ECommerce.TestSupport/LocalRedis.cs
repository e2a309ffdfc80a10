using System.Net.Sockets;

namespace ECommerce.TestSupport;

/// <summary>
/// A private Redis of the system's packages, which keeps nothing on disk but the snapshots a test takes.
/// </summary>
internal sealed class LocalRedis : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecommerce-redis-");
    private readonly int _port = ChildProcess.FreePort();
    private ChildProcess? _server;

    public static async Task<LocalRedis> StartNewAsync()
    {
        var redis = new LocalRedis();
        await redis.StartAsync();
        return redis;
    }

    /// <summary>
    /// What is looked at in every server before it ends, by its port; the tests look which commands were called.
    /// </summary>
    public static Func<int, Task> BeforeStop { get; set; } = static _ => Task.CompletedTask;

    public int Port => _port;

    public string ConnectionString => $"127.0.0.1:{_port}";

    public async Task StartAsync()
    {
        _server = ChildProcess.Start(
            "redis-server", "--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir",
                _folder.FullName);
        await _server.UntilAsync(RepliesAsync);
    }

    /// <summary>kill -9: what it held is gone.</summary>
    public async Task StopAsync()
    {
        if (_server is null)
            return;
        try
        {
            await BeforeStop(_port);
        }
        finally
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }

    /// <summary>Keeps what it holds now for <see cref="StartFromSnapshotAsync"/>.</summary>
    public async Task TakeSnapshotAsync()
    {
        if (await RedisWire.AskAsync(_port, "SAVE") is var reply
            && !reply.StartsWith("+OK", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Redis took no snapshot: {reply}");
        }
        File.Move(Loaded, Snapshot, overwrite: true);
    }

    /// <summary>Starts with what it held when the snapshot was taken: it has lost all that was written since.</summary>
    public async Task StartFromSnapshotAsync()
    {
        File.Copy(Snapshot, Loaded);
        await StartAsync();
        await _server!.UntilAsync(
            async () => !(await RedisWire.AskAsync(_port, "GET x")).StartsWith("-LOADING", StringComparison.Ordinal));
        File.Delete(Loaded);
    }

    /// <summary>
    /// It holds its connections and replies to nothing until it is resumed: then it replies to everything.
    /// </summary>
    public Task PauseAsync() => ChildProcess.PauseAsync(_server!.Id);

    public Task ResumeAsync() => ChildProcess.ResumeAsync(_server!.Id);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private string Loaded => Path.Combine(_folder.FullName, "dump.rdb");

    private string Snapshot => Path.Combine(_folder.FullName, "snapshot.rdb");

    private async Task<bool> RepliesAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
