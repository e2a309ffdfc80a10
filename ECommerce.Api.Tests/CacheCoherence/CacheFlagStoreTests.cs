using ECommerce.Caching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>
/// What was switched off or on while the system runs stands in the database, where a node that joins finds it.
/// </summary>
public sealed class CacheFlagStoreTests(ApiFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flag_is_found_until_it_is_removed()
    {
        var (store, name) = (fixture.Services.GetRequiredService<ICacheFlagStore>(), Samples.Unique("flag"));
        Assert.DoesNotContain(name, await store.ReadAsync(Ct));

        foreach (var isOn in (bool[])[false, true, false])
        {
            await store.WriteAsync(name, isOn, Ct);
            Assert.Equal(isOn, (await store.ReadAsync(Ct))[name]);
        }
        await store.WriteAsync(name, null, Ct);

        Assert.DoesNotContain(name, await store.ReadAsync(Ct));
    }
}
