using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ECommerce.Api.Tests.Sales;

/// <summary>Series of numbers over the real database; each test has a kind of document of its own.</summary>
public sealed class DocumentNumbersTests(ApiFixture fixture)
{
    private static readonly Tenant Acme = new("acme");
    private static readonly ShopTimeZone Rome = new(new ConfigurationBuilder().Build());

    private readonly string _kind = Samples.Unique("k")[..16];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_year_of_the_zone_begins_a_new_series()
    {
        // Midnight in Rome is 23:00 UTC.
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 12, 31, 22, 59, 59, TimeSpan.Zero));
        var first = await TakeAsync(time);
        var second = await TakeAsync(time);
        time.Advance(TimeSpan.FromSeconds(1));
        var third = await TakeAsync(time);

        Assert.Equal(["1/2026", "2/2026", "1/2027"], [first.Reference, second.Reference, third.Reference]);
        Assert.Equal(
            [new DateOnly(2026, 12, 31), new DateOnly(2026, 12, 31), new DateOnly(2027, 1, 1)],
            [first.Day, second.Day, third.Day]);
    }

    [Fact]
    public async Task Transaction_that_waits_over_new_year_gets_a_number_of_the_new_year()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 12, 31, 22, 59, 59, TimeSpan.Zero));
        await using var holding = await BeginAsync();
        var held = await new DocumentNumbers(time, Rome).TakeAsync(holding, _kind, Ct);
        var asked = new AskedTime(time);

        var waiting = TakeAsync(asked);
        await asked.WasAsked;
        time.Advance(TimeSpan.FromSeconds(2));
        await holding.CommitAsync(Ct);

        Assert.Equal(("1/2026", "1/2027"), (held.Reference, (await waiting).Reference));
        Assert.Equal("2/2027", (await TakeAsync(time)).Reference);
    }

    [Fact]
    public async Task Rolled_back_number_is_given_to_the_next_document()
    {
        await using (var tx = await BeginAsync())
            Assert.Equal(1, (await new DocumentNumbers(TimeProvider.System, Rome).TakeAsync(tx, _kind, Ct)).Number);

        Assert.Equal(1, (await TakeAsync(TimeProvider.System)).Number);
    }

    [Fact]
    public async Task Moment_never_goes_back_when_the_clock_of_a_replica_does()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 6, 2, 0, 0, 0, TimeSpan.Zero));
        var first = await TakeAsync(time);

        var second = await TakeAsync(new FakeTimeProvider(time.GetUtcNow().AddDays(-1)));

        Assert.Equal((2, first.Day, first.Moment), (second.Number, second.Day, second.Moment));
    }

    [Fact]
    public async Task Series_of_tenants_and_kinds_are_their_own()
    {
        var first = await TakeAsync(TimeProvider.System);
        await using var tx = await fixture.Services.GetRequiredService<WriteTransactions>()
            .BeginAsync(new Tenant("globex"), Ct);
        var other = await new DocumentNumbers(TimeProvider.System, Rome).TakeAsync(tx, _kind, Ct);

        Assert.Equal((1, 1), (first.Number, other.Number));
    }

    [Fact]
    public async Task Concurrent_transactions_get_consecutive_numbers_in_the_order_of_their_moments()
    {
        var taken = new ConcurrentBag<DocumentNumber>();
        // The half of them rolls back. As many at once as the database is open to.
        await Parallel.ForAsync(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (index, ct) =>
        {
            await using var tx = await BeginAsync();
            var number = await new DocumentNumbers(TimeProvider.System, Rome).TakeAsync(tx, _kind, ct);
            if (index % 2 != 0)
                return;
            await tx.CommitAsync(ct);
            taken.Add(number);
        });

        var numbers = taken.OrderBy(number => number.Number).ToArray();
        Assert.Equal(Enumerable.Range(1, 20), numbers.Select(number => number.Number));
        Assert.Equal(numbers.OrderBy(number => number.Moment), numbers);
    }

    private Task<WriteTransaction> BeginAsync() =>
        fixture.Services.GetRequiredService<WriteTransactions>().BeginAsync(Acme, Ct);

    private async Task<DocumentNumber> TakeAsync(TimeProvider time)
    {
        await using var tx = await BeginAsync();
        var number = await new DocumentNumbers(time, Rome).TakeAsync(tx, _kind, Ct);
        await tx.CommitAsync(Ct);
        return number;
    }

    /// <summary>Reports that the time was read for the first time, which is before the lock.</summary>
    private sealed class AskedTime(TimeProvider time) : TimeProvider
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task WasAsked => _asked.Task;

        public override DateTimeOffset GetUtcNow()
        {
            var now = time.GetUtcNow();
            _asked.TrySetResult();
            return now;
        }
    }
}
