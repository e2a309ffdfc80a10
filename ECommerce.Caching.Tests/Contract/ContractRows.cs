using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching.Tests.Contract;

/// <summary>A cache that is asked: its own process, another one on the same second layer, if there is one.</summary>
/// <param name="Cache">A node.</param>
/// <param name="Other">Another node, if the backend has one.</param>
/// <param name="Key">The key of a row.</param>
/// <param name="Stored">Waits until a value that was made is in the shared layer: both caches store it behind the
/// caller.</param>
internal sealed record Subject(
    HybridCache Cache, HybridCache Other, Func<string, string> Key, Func<string, Task> Stored);

/// <summary>What HybridCache documents: each row does something and describes what it saw.</summary>
internal static class ContractRows
{
    private sealed record Immutable(int Id);

    private sealed class Mutable
    {
        public int Id { get; set; }
    }

    public static readonly IReadOnlyDictionary<string, Func<Subject, string, Task<string>>> All =
        new Dictionary<string, Func<Subject, string, Task<string>>>
        {
            ["GetOrCreateAsync"] = Flag(null, null, false),
            ["GetOrCreateAsync on another node"] = Flag(null, null, true),
            ["span as key"] = async (s, key) =>
            {
                var runs = 0;
                for (var i = 0; i < 2; i++)
                {
                    await s.Cache.GetOrCreateAsync(
                        key.AsSpan(), 0, (_, _) => new ValueTask<int>(++runs), cancellationToken: Ct);
                }
                return $"{runs}";
            },
            ["many callers"] = async (s, key) =>
            {
                var (runs, gate) = (0, new TaskCompletionSource());
                async ValueTask<int> Make(CancellationToken ct)
                {
                    Interlocked.Increment(ref runs);
                    await gate.Task;
                    return 1;
                }
                var readers = Enumerable.Range(0, 20)
                    .Select(_ => s.Cache.GetOrCreateAsync(key, Make, cancellationToken: Ct).AsTask()).ToArray();
                gate.SetResult();
                await Task.WhenAll(readers);
                return $"{runs}";
            },
            ["None"] = Flag(HybridCacheEntryFlags.None, null, false),
            ["DisableLocalCacheRead"] = Flag(null, HybridCacheEntryFlags.DisableLocalCacheRead, false),
            ["DisableLocalCacheWrite"] = Flag(HybridCacheEntryFlags.DisableLocalCacheWrite, null, false),
            ["DisableLocalCache"] =
                Flag(HybridCacheEntryFlags.DisableLocalCache, HybridCacheEntryFlags.DisableLocalCache, false),
            ["DisableDistributedCacheRead"] = Flag(null, HybridCacheEntryFlags.DisableDistributedCacheRead, true),
            ["DisableDistributedCacheWrite"] = Flag(HybridCacheEntryFlags.DisableDistributedCacheWrite, null, true),
            ["DisableDistributedCache"] = Flag(
                HybridCacheEntryFlags.DisableDistributedCache, HybridCacheEntryFlags.DisableDistributedCache, true),
            ["DisableCompression"] = Flag(HybridCacheEntryFlags.DisableCompression, null, true),
            ["DisableUnderlyingData"] = async (s, key) =>
            {
                var runs = 0;
                var value = await s.Cache.GetOrCreateAsync(
                    key, _ => new ValueTask<string>($"{++runs}"), With(HybridCacheEntryFlags.DisableUnderlyingData),
                    cancellationToken: Ct);
                return $"{runs} {value ?? "null"}";
            },
            ["SetAsync"] = (s, key) => SetAsync(s.Cache, s.Cache, key, null),
            ["SetAsync on another node"] = (s, key) => SetAsync(s.Cache, s.Other, key, null),
            ["SetAsync, DisableLocalCacheWrite"] =
                (s, key) => SetAsync(s.Cache, s.Cache, key, HybridCacheEntryFlags.DisableLocalCacheWrite),
            ["SetAsync, DisableDistributedCacheWrite"] =
                (s, key) => SetAsync(s.Cache, s.Other, key, HybridCacheEntryFlags.DisableDistributedCacheWrite),
            ["SetAsync of another type"] = async (s, key) =>
            {
                await s.Cache.SetAsync<object>(key, 42, cancellationToken: Ct);
                return $"{await s.Cache.GetOrCreateAsync(key, _ => new ValueTask<int>(7), cancellationToken: Ct)}";
            },
            ["RemoveAsync"] = (s, key) => AfterAsync(s, key, null, () => s.Cache.RemoveAsync(key, Ct)),
            ["RemoveAsync of several"] =
                (s, key) => AfterAsync(s, key, null, () => s.Cache.RemoveAsync([key, key + "0"], Ct)),
            ["RemoveByTagAsync"] =
                (s, key) => AfterAsync(s, key, ["t" + key], () => s.Cache.RemoveByTagAsync("t" + key, Ct)),
            ["RemoveByTagAsync of several"] = (s, key) =>
                AfterAsync(s, key, ["u" + key], () => s.Cache.RemoveByTagAsync(["u" + key, "other"], Ct)),
            ["RemoveByTagAsync of all"] =
                (s, key) => AfterAsync(s, key, null, () => s.Cache.RemoveByTagAsync("*", Ct)),
            ["seventeen tags"] = (s, key) => AfterAsync(
                s, key, [.. Enumerable.Range(0, 17).Select(i => $"{key}{i}")],
                () => s.Cache.RemoveByTagAsync($"{key}16", Ct)),
            ["another tag"] =
                (s, key) => AfterAsync(s, key, ["t" + key], () => s.Cache.RemoveByTagAsync("no" + key, Ct)),
            ["Expiration"] = async (s, key) =>
            {
                var runs = 0;
                var options = new HybridCacheEntryOptions { Expiration = TimeSpan.FromMilliseconds(100) };
                var until = TimeProvider.System.GetTimestamp();
                while (runs < 2 && TimeProvider.System.GetElapsedTime(until) < TimeSpan.FromSeconds(10))
                {
                    await s.Cache.GetOrCreateAsync(
                        key, _ => new ValueTask<int>(++runs), options, cancellationToken: Ct);
                }
                return $"{runs}";
            },
            ["LocalCacheExpiration"] = async (s, key) =>
            {
                var runs = 0;
                var options = new HybridCacheEntryOptions
                {
                    Expiration = TimeSpan.FromHours(1),
                    LocalCacheExpiration = TimeSpan.FromMilliseconds(100),
                };
                var local = With(
                    HybridCacheEntryFlags.DisableDistributedCacheRead | HybridCacheEntryFlags.DisableUnderlyingData);
                await s.Cache.GetOrCreateAsync(key, _ => new ValueTask<int>(++runs), options, cancellationToken: Ct);
                await s.Stored(key);
                var until = TimeProvider.System.GetTimestamp();
                while (await s.Cache.GetOrCreateAsync(key, _ => new ValueTask<int>(0), local, cancellationToken: Ct) > 0
                    && TimeProvider.System.GetElapsedTime(until) < TimeSpan.FromSeconds(10))
                {
                    await Task.Yield();
                }
                await s.Cache.GetOrCreateAsync(key, _ => new ValueTask<int>(++runs), options, cancellationToken: Ct);
                return $"{runs}";
            },
            ["null as value"] = async (s, key) =>
            {
                var runs = 0;
                for (var i = 0; i < 2; i++)
                {
                    await s.Cache.GetOrCreateAsync(key, _ =>
                    {
                        runs++;
                        return new ValueTask<string?>((string?)null);
                    }, cancellationToken: Ct);
                }
                return $"{runs}";
            },
            ["immutable value"] = async (s, key) =>
            {
                var first = await ReadAsync(s, key, new Immutable(1));
                await s.Stored(key);
                return $"{ReferenceEquals(first, await ReadAsync(s, key, new Immutable(1)))}";
            },
            ["mutable value"] = async (s, key) =>
                $"{ReferenceEquals(await ReadAsync(s, key, new Mutable()), await ReadAsync(s, key, new Mutable()))}",
            ["tuple"] = async (s, key) =>
                $"{await ReadAsync(s, key, (1, "x"))} {await ReadAsync(s with { Cache = s.Other }, key, (1, "x"))}",
            ["exception"] = async (s, key) =>
            {
                var runs = 0;
                async ValueTask<int> Fail(CancellationToken ct)
                {
                    await Task.Yield();
                    return ++runs > 0 ? throw new TimeoutException() : 0;
                }
                var first = await NameAsync(() => s.Cache.GetOrCreateAsync(key, Fail, cancellationToken: Ct).AsTask());
                var second = await NameAsync(() => s.Cache.GetOrCreateAsync(key, Fail, cancellationToken: Ct).AsTask());
                return $"{runs} {first} {second}";
            },
            ["cancelled"] = (s, key) => NameAsync(() => s.Cache.GetOrCreateAsync(
                key, async ct =>
                {
                    await new TaskCompletionSource().Task.WaitAsync(ct);
                    return 0;
                }, cancellationToken: new CancellationToken(canceled: true)).AsTask()),
            ["cancelled while waiting"] = async (s, key) =>
            {
                using var source = new CancellationTokenSource();
                var gate = new TaskCompletionSource();
                var waiting = s.Cache.GetOrCreateAsync(
                    key, async _ =>
                    {
                        await gate.Task;
                        return 1;
                    }, cancellationToken: source.Token).AsTask();
                await source.CancelAsync();
                var exception = await Record.ExceptionAsync(() => waiting);
                gate.SetResult();
                return $"{exception?.GetType().Name} of its own token: "
                    + $"{exception is OperationCanceledException own && own.CancellationToken == source.Token}";
            },
            ["GetOrCreateAsync(null)"] = (s, _) => Flag(null, null, false)(Unstored(s), null!),
            ["blank key"] = (s, _) => Flag(null, null, false)(Unstored(s), "  "),
            ["RemoveAsync(null)"] = (s, _) => NameAsync(() => s.Cache.RemoveAsync((string)null!, Ct).AsTask()),
            ["RemoveByTagAsync(null)"] = (s, _) => NameAsync(
                () => s.Cache.RemoveByTagAsync((string)null!, Ct).AsTask()),
            ["RemoveByTagAsync of nothing"] = (s, _) => NameAsync(() => s.Cache.RemoveByTagAsync("", Ct).AsTask()),
            ["reserved tag"] = (s, key) => NameAsync(
                () => s.Cache.GetOrCreateAsync(key, _ => new ValueTask<int>(1), tags: ["*"], cancellationToken: Ct)
                    .AsTask()),
            ["key too long"] = (s, _) =>
                Flag(null, null, false)(Unstored(s), new string('k', 2000)),
        };

    private static Subject Unstored(Subject s) => s with { Stored = static _ => Task.CompletedTask };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static HybridCacheEntryOptions? With(HybridCacheEntryFlags? flags) =>
        flags is null ? null : new HybridCacheEntryOptions { Flags = flags };

    // Creates with some flags and reads with others, here or on the other node; how often the factory ran.
    private static Func<Subject, string, Task<string>> Flag(
        HybridCacheEntryFlags? create, HybridCacheEntryFlags? read, bool onOther) => async (s, key) =>
    {
        var runs = 0;
        await s.Cache.GetOrCreateAsync(key, _ => new ValueTask<int>(++runs), With(create), cancellationToken: Ct);
        if (((create ?? HybridCacheEntryFlags.None) & HybridCacheEntryFlags.DisableDistributedCacheWrite) == 0)
            await s.Stored(key);
        await (onOther ? s.Other : s.Cache).GetOrCreateAsync(
            key, _ => new ValueTask<int>(++runs), With(read), cancellationToken: Ct);
        return $"{runs}";
    };

    private static async Task<string> SetAsync(
        HybridCache cache, HybridCache reader, string key, HybridCacheEntryFlags? flags)
    {
        await cache.SetAsync(key, "set", With(flags), cancellationToken: Ct);
        return await reader.GetOrCreateAsync(key, _ => new ValueTask<string>("made"), cancellationToken: Ct);
    }

    private static async Task<string> AfterAsync(Subject s, string key, string[]? tags, Func<ValueTask> action)
    {
        var runs = 0;
        await s.Cache.GetOrCreateAsync(key, _ => new ValueTask<int>(++runs), tags: tags, cancellationToken: Ct);
        // Theirs stores behind the caller, too, and without a fence: what is removed before that comes back.
        await s.Stored(key);
        await action();
        await s.Cache.GetOrCreateAsync(key, _ => new ValueTask<int>(++runs), tags: tags, cancellationToken: Ct);
        return $"{runs}";
    }

    private static ValueTask<T> ReadAsync<T>(Subject s, string key, T value) =>
        s.Cache.GetOrCreateAsync(key, value, static (v, _) => new ValueTask<T>(v), cancellationToken: Ct);

    private static async Task<string> NameAsync(Func<Task> action) =>
        (await Record.ExceptionAsync(action))?.GetType().Name ?? "nothing";
}
