namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>Factories that read other keys: a wait that would never end throws.</summary>
public sealed class WaitCycleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Factory_that_reads_its_own_key_throws_naming_it()
    {
        await using var node = await CacheNode.StartAsync(null);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ReadAsync(node, 1, _ => ReadAsync(node, 1, static _ => Task.FromResult(1))).WaitAsync(Patience, Ct));

        Assert.Contains(Key(1), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cycle_of_three_keys_throws_naming_them()
    {
        await using var node = await CacheNode.StartAsync(null);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ReadNextAsync(1).WaitAsync(Patience, Ct));

        Assert.Contains($"{Key(1)} -> {Key(2)} -> {Key(3)}", error.Message + error.Message, StringComparison.Ordinal);

        Task<int> ReadNextAsync(int id) => ReadAsync(node, id, _ => ReadNextAsync((id % 3) + 1));
    }

    [Fact]
    public async Task Cycle_across_two_callers_throws()
    {
        await using var node = await CacheNode.StartAsync(null);
        var bothRun = new Barrier();
        var first = ReadAsync(node, 1, async _ =>
        {
            await bothRun.ArriveAsync();
            return await ReadAsync(node, 2, static _ => Task.FromResult(2));
        });
        var second = ReadAsync(node, 2, async _ =>
        {
            await bothRun.ArriveAsync();
            return await ReadAsync(node, 1, static _ => Task.FromResult(1));
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() => first.WaitAsync(Patience, Ct));
        await Assert.ThrowsAsync<InvalidOperationException>(() => second.WaitAsync(Patience, Ct));
    }

    [Fact]
    public async Task Factories_that_share_a_key_are_no_cycle()
    {
        await using var node = await CacheNode.StartAsync(null);
        var runs = 0;

        var sum = await ReadAsync(node, 1, async _ =>
            (await Task.WhenAll(ReadSharedAsync(2), ReadSharedAsync(3), ReadLastAsync())).Sum())
            .WaitAsync(Patience, Ct);

        Assert.Equal((3, 1), (sum, runs));

        Task<int> ReadSharedAsync(int id) => ReadAsync(node, id, _ => ReadLastAsync());
        Task<int> ReadLastAsync() => ReadAsync(node, 4, async _ =>
        {
            await Task.Yield();
            return Interlocked.Increment(ref runs);
        });
    }

    private static string Key(int id) => CacheNode.Product.Key("acme", id);

    private static Task<int> ReadAsync(CacheNode node, int id, Func<CancellationToken, Task<int>> factory) =>
        node.Cache.GetOrCreateAsync(
            Key(id), factory, static async (f, ct) => await f(ct), CacheNode.Product.Options, cancellationToken: Ct)
            .AsTask();

    private sealed class Barrier
    {
        private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _arrived;

        public Task ArriveAsync()
        {
            if (Interlocked.Increment(ref _arrived) == 2)
                _both.TrySetResult();
            return _both.Task.WaitAsync(Patience, Ct);
        }
    }
}
