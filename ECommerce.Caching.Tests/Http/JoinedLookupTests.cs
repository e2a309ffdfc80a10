using System.Buffers;
using System.IO.Pipelines;
using ECommerce.Caching.Http;
using ECommerce.Caching.SingleFlight;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Http;

/// <summary>
/// The output-cache middleware lets requests take the result of a look-up that another one has begun. It does so
/// for endpoints whose responses do not come from memory before the middleware, such as one that varies by a header.
/// </summary>
public class JoinedLookupTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_after_an_invalidation_takes_no_result_of_a_lookup_from_before_it()
    {
        var name = "old";
        HeldStore? store = null;
        await using var site = await StartAsync(() => name, held => store = held);
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await site.GetAsync("/o/1");
                return response.Header("Cache-Status")!.EndsWith("detail=memory", StringComparison.Ordinal);
            },
            "the response is stored");
        store!.Hold();
        var early = site.GetAsync("/o/1");
        try
        {
            await store.Found.WaitAsync(MaxWait, Ct);

            name = "new";
            await site.Invalidator.InvalidateAsync([MappedSite.Key("1")], Ct);
            using var late = await site.GetAsync("/o/1").WaitAsync(MaxWait, Ct);

            Assert.Contains("new", await late.Content.ReadAsStringAsync(Ct));
        }
        finally
        {
            store.Release();
            (await early).Dispose();
        }
    }

    private static Task<MappedSite> StartAsync(Func<string> name, Action<HeldStore> made) => MappedSite.StartAsync(
        null,
        (group, site) => group.MapGet("/o/{id}", async (string id) => TypedResults.Ok(await site.ReadAsync(id, name())))
            .CacheOutput(policy => MappedSite.Under(policy).SetVaryByHeader("X-Lang")),
        replace: services => services.AddSingleton<IOutputCacheStore>(provider =>
        {
            var store = new HeldStore(new MultiLevelOutputCacheStore(
                provider.GetRequiredService<CacheEngine>(), provider.GetRequiredService<ICacheInvalidator>()));
            made(store);
            return store;
        }));

    /// <summary>A store whose next look-up does not return what it has found before it is released.</summary>
    private sealed class HeldStore(IOutputCacheBufferStore inner) : IOutputCacheBufferStore
    {
        private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _held;

        public Task Found => _found.Task;

        public void Hold() => Volatile.Write(ref _held, 1);

        public void Release() => _released.SetResult();

        public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
        {
            var isHeld = Interlocked.Exchange(ref _held, 0) == 1;
            var found = await inner.GetAsync(key, cancellationToken);
            if (isHeld)
            {
                _found.TrySetResult();
                await _released.Task;
            }
            return found;
        }

        public ValueTask<bool> TryGetAsync(string key, PipeWriter destination, CancellationToken cancellationToken) =>
            throw new NotSupportedException("The middleware looks up by the other method.");

        public ValueTask SetAsync(
            string key, ReadOnlySequence<byte> value, ReadOnlyMemory<string> tags, TimeSpan validFor,
            CancellationToken cancellationToken) => inner.SetAsync(key, value, tags, validFor, cancellationToken);

        public ValueTask SetAsync(
            string key, byte[] value, string[]? tags, TimeSpan validFor, CancellationToken cancellationToken) =>
            inner.SetAsync(key, value, tags, validFor, cancellationToken);

        public ValueTask EvictByTagAsync(string tag, CancellationToken cancellationToken) =>
            inner.EvictByTagAsync(tag, cancellationToken);
    }
}
