using ECommerce.Caching.Redis;

namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>Stores for which no caller waits are sent together.</summary>
public sealed class StoreTurnsTests
{
    [Fact]
    public async Task Stores_that_come_within_the_interval_go_on_together_in_their_order()
    {
        var turns = new StoreTurns(TimeSpan.FromSeconds(1));
        var (entered, threads) = (new List<int>(), new List<int>());
        await turns.NextAsync();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(EnterAsync));

        Assert.Equal(Enumerable.Range(0, 50), entered);
        Assert.Single(threads.Distinct());

        async Task EnterAsync(int store)
        {
            await turns.NextAsync();
            entered.Add(store);
            threads.Add(Environment.CurrentManagedThreadId);
        }
    }
}
