using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Overload;

/// <summary>What goes on while all permits of the gate are taken.</summary>
public sealed class FullGateTests(ApiFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shed_refresh_serves_the_stale_value_and_a_later_one_succeeds()
    {
        const string Carriers = "/api/v1/carriers";
        await using var busy = await BusyApi.StartIdleAsync(
            fixture, ("Cache:Policies:carriers.{tenant}:Fresh", "1s"),
            ("Cache:Policies:carriers.{tenant}:Stale", "1h"),
            // Other nodes on this Redis would share their value, whose lifetime is the ordinary one.
            ("CACHE_KEY_PREFIX", Samples.Unique("full")));
        await busy.Client.GetJsonAsync(Carriers);
        await busy.FillAsync();
        await using var session = await busy.OpenSessionAsync();
        await session.ExecuteAsync("UPDATE carriers SET name = 'changed' WHERE id = 1");

        // Every refresh from the end of the fresh time on is shed, and none of them is the caller's error.
        await Eventually.TrueAsync(async () => await IsStaleAsync(busy), "the value is stale");
        await busy.ShedAsync();
        Assert.True(await IsStaleAsync(busy));

        await busy.EndAsync();
        await Eventually.TrueAsync(
            async () => (await busy.Client.TextAsync(Carriers)).Contains("changed", StringComparison.Ordinal),
            "a refresh succeeds");

        static async Task<bool> IsStaleAsync(BusyApi busy)
        {
            using var response = await busy.Client.GetAnyAsync(Carriers);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return response.CacheStatus().Contains("detail=stale", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Lock_renewal_goes_on()
    {
        const string Name = "lock:order:process:acme:1";
        const string Expiry = "SELECT expires_at FROM locks WHERE name = @Name";
        await using var busy = await BusyApi.StartIdleAsync(fixture);
        var locks = busy.Services.GetRequiredService<BusinessLocks>();
        await using var held = await locks.TryAcquireAsync(Name, TimeSpan.FromSeconds(2), "test", Ct);
        await using var session = await busy.OpenSessionAsync();
        await busy.FillAsync();
        var first = await session.ExecuteScalarAsync<DateTime>(Expiry, new { Name });

        // Past its first end it is still held.
        await Eventually.TrueAsync(
            async () => await session.ExecuteScalarAsync<bool>("SELECT UTC_TIMESTAMP(6) > @first", new { first }),
            "the first lease is over");

        Assert.True(await session.ExecuteScalarAsync<DateTime>(Expiry, new { Name }) > first);
        Assert.False(held!.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Event_stream_survives_shed_polls_and_a_killed_one()
    {
        await using var busy = await BusyApi.StartIdleAsync(fixture);
        await using var session = await busy.OpenSessionAsync();
        var run = await RunningSync.StartAsync(session);
        using var response = await busy.Client.GetAsync(
            $"/api/v1/sync/{run}/events", HttpCompletionOption.ResponseHeadersRead, Ct);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));
        Assert.Equal("event: progress", await events.ReadLineAsync(Ct));

        await busy.FillAsync();
        await busy.ShedAsync();
        await busy.ShedAsync();
        await busy.EndAsync();
        await KillPollAsync(busy);
        await RunningSync.FinishAsync(session, run);

        Assert.True(await RunningSync.IsFinishedAsync(events));
    }

    private static async Task KillPollAsync(BusyApi busy)
    {
        await using var locking = await busy.OpenSessionAsync();
        await locking.ExecuteAsync("LOCK TABLES sync_runs WRITE");
        long? poll = null;
        await Eventually.TrueAsync(
            async () => (poll = await locking.ExecuteScalarAsync<long?>(
                """
                SELECT id FROM information_schema.processlist
                WHERE db = DATABASE() AND state LIKE 'Waiting for table%' AND info LIKE '%sync_runs%' LIMIT 1
                """)) is not null,
            "a poll waits for the table");
        await locking.ExecuteAsync($"KILL QUERY {poll}");
        await locking.ExecuteAsync("UNLOCK TABLES");
    }
}
