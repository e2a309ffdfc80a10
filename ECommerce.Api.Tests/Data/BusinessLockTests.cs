using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Data;

public sealed class BusinessLockTests(ApiFixture fixture)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly string _name = Samples.Unique("lock:test:");
    private readonly BusinessLocks _locks = fixture.Services.GetRequiredService<BusinessLocks>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lock_has_one_holder_and_names_it()
    {
        await using var first = await _locks.TryAcquireAsync(_name, Lease, "node-1", Ct);

        Assert.NotNull(first);
        Assert.Null(await _locks.TryAcquireAsync(_name, Lease, "node-1", Ct));
        Assert.Equal("node-1", await _locks.HolderAsync(_name, Ct));
    }

    [Fact]
    public async Task A_released_lock_is_free_and_its_fence_has_grown()
    {
        var first = await _locks.TryAcquireAsync(_name, Lease, "node-1", Ct);
        await first!.DisposeAsync();
        Assert.Null(await _locks.HolderAsync(_name, Ct));

        await using var second = await _locks.TryAcquireAsync(_name, Lease, "node-2", Ct);

        Assert.True(second!.Fence > first.Fence);
    }

    [Fact]
    public async Task Many_at_once_get_it_one_after_the_other()
    {
        var held = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => _locks.TryAcquireAsync(_name, Lease, $"node-{i}", Ct)));

        var winner = Assert.Single(held, entry => entry is not null);
        await winner!.DisposeAsync();
    }

    [Fact]
    public async Task A_holder_that_slept_past_its_lease_changes_nothing_and_releases_no_other_lock()
    {
        var sleeper = await _locks.TryAcquireAsync(_name, Lease, "sleeper", Ct);
        Assert.Equal(1, await GuardedAsync(sleeper!));
        await fixture.ExecuteAsync(
            "UPDATE locks SET expires_at = UTC_TIMESTAMP(6) WHERE name = @name", new { name = _name });
        Assert.Equal(0, await GuardedAsync(sleeper!));

        await using var next = await _locks.TryAcquireAsync(_name, Lease, "next", Ct);
        await sleeper!.DisposeAsync();

        Assert.True(next!.Fence > sleeper.Fence);
        Assert.Equal(0, await GuardedAsync(sleeper));
        Assert.Equal(1, await GuardedAsync(next));
        Assert.Equal("next", await _locks.HolderAsync(_name, Ct));
    }

    [Fact]
    public async Task A_lease_is_renewed_while_held_and_its_loss_is_noticed()
    {
        await using var held = await _locks.TryAcquireAsync(_name, TimeSpan.FromSeconds(1), "node-1", Ct);
        var first = await ExpiryAsync();
        while (await ExpiryAsync() == first)
            Ct.ThrowIfCancellationRequested();

        await fixture.ExecuteAsync("UPDATE locks SET owner = 'thief' WHERE name = @name", new { name = _name });
        var lost = new TaskCompletionSource();
        await using var registration = held!.Lost.Register(lost.SetResult);

        await lost.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);
    }

    private Task<int> GuardedAsync(BusinessLock held) => fixture.ExecuteAsync(
        $"""
        UPDATE tenants SET created_at = created_at + INTERVAL 1 SECOND
        WHERE slug = @slug AND {BusinessLock.StillHeld}
        """,
        held.Guard(new { slug = "globex" }));

    private async Task<DateTime> ExpiryAsync() =>
        Assert.Single(
            await fixture.QueryAsync<DateTime>(
                "SELECT expires_at FROM locks WHERE name = @name", new { name = _name }));
}
