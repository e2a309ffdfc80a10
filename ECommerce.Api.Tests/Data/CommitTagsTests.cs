using System.Data.Common;
using ECommerce.Caching;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Data;

/// <summary>When a transaction announces the tags that it invalidates.</summary>
public sealed class CommitTagsTests(ApiFixture fixture) : ICacheInvalidator
{
    private readonly List<Announced> _announced = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_of_a_few_rows_announces_while_its_statement_runs_and_completes_after_the_commit()
    {
        await using var tx = await BeginAsync();
        List<string>? duringStatement = null;

        await tx.BulkAsync(["a", "b"], async db =>
        {
            duringStatement = [.. Assert.Single(_announced).Tags];
            return await db.Products.Where(product => product.Id < 0).ExecuteDeleteAsync(Ct);
        });
        Assert.Equal(0, _announced[0].Completions);
        await tx.CommitAsync(Ct);

        Assert.Equal(["a", "b"], duringStatement);
        Assert.Equal(1, Assert.Single(_announced).Completions);
    }

    [Fact]
    public async Task What_is_added_later_is_announced_with_the_commit()
    {
        await using var tx = await BeginAsync();
        await tx.BulkAsync(["a"], db => db.Products.Where(product => product.Id < 0).ExecuteDeleteAsync(Ct));
        await tx.BulkAsync(["a", "b"], db => db.Products.Where(product => product.Id < 0).ExecuteDeleteAsync(Ct));
        Assert.Single(_announced);

        await tx.CommitAsync(Ct);

        Assert.Equal([["a"], ["b"]], _announced.Select(one => one.Tags));
        Assert.All(_announced, one => Assert.Equal(1, one.Completions));
    }

    [Fact]
    public async Task A_batch_announces_with_the_commit()
    {
        await using var tx = await BeginAsync();
        await tx.BulkAsync(
            Enumerable.Range(0, 21).Select(i => $"tag{i}"),
            db => db.Products.Where(product => product.Id < 0).ExecuteDeleteAsync(Ct));
        Assert.Empty(_announced);

        await tx.CommitAsync(Ct);

        Assert.Equal(21, Assert.Single(_announced).Tags.Count);
    }

    [Fact]
    public async Task A_rollback_cancels_what_was_announced()
    {
        await using (var tx = await BeginAsync())
            await tx.BulkAsync(["a"], db => db.Products.Where(product => product.Id < 0).ExecuteDeleteAsync(Ct));

        var announced = Assert.Single(_announced);
        Assert.Equal((0, 1), (announced.Completions, announced.Cancellations));
    }

    [Fact]
    public async Task After_a_commit_nothing_is_cancelled()
    {
        await using (var tx = await BeginAsync())
        {
            tx.Invalidate("a");
            await tx.CommitAsync(Ct);
        }

        var announced = Assert.Single(_announced);
        Assert.Equal((1, 0), (announced.Completions, announced.Cancellations));
    }

    public IAnnouncedInvalidation Announce(IReadOnlyCollection<string> tags)
    {
        var announced = new Announced(tags);
        _announced.Add(announced);
        return announced;
    }

    public ValueTask<InvalidationOutcome> InvalidateAsync(
        IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("A commit announces.");

    public ValueTask<InvalidationOutcome> InvalidatePatternAsync(
        string pattern, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Commits name tags.");

    private Task<WriteTransaction> BeginAsync() =>
        fixture.Services.WriteTransactions(
            fixture.Services.GetRequiredService<DbDataSource>(), this,
            fixture.Services.GetRequiredService<OutboxRelay>()).BeginAsync(new Tenant("acme"), Ct);

    private sealed record Announced(IReadOnlyCollection<string> Tags) : IAnnouncedInvalidation
    {
        public int Completions { get; private set; }

        public int Cancellations { get; private set; }

        public Task<InvalidationOutcome> Completion { get; } = Task.FromResult(InvalidationOutcome.Applied);

        public ValueTask<InvalidationOutcome> CompleteAsync()
        {
            Completions++;
            return ValueTask.FromResult(InvalidationOutcome.Applied);
        }

        public void Cancel() => Cancellations++;
    }
}
