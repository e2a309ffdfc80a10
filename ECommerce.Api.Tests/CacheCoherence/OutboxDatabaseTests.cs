using System.Collections.Concurrent;
using Dapper;
using ECommerce.Api.Tests.Data;
using ECommerce.Caching;
using ECommerce.ServiceDefaults.MySql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>Tests of the outbox on a database of their own, where no relay runs but those a test starts.</summary>
public abstract class OutboxDatabaseTests(ApiFixture fixture) : IAsyncLifetime, ICacheInvalidator
{
    private UtcMySqlDataSource _source = null!;
    private InvalidationOutbox _outbox = null!;

    internal UtcMySqlDataSource Source => _source;

    internal InvalidationOutbox Outbox => _outbox;

    internal ManualTime Time { get; } = new();

    /// <summary>The tags that were invalidated, in order.</summary>
    internal ConcurrentQueue<string> Dropped { get; } = new();

    /// <summary>How every invalidation ends.</summary>
    internal InvalidationOutcome Outcome { get; set; } = InvalidationOutcome.Applied;

    /// <summary>Runs within every invalidation, after its tags are recorded.</summary>
    internal Action WhenDropping { get; set; } = static () => { };

    internal static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _source = new UtcMySqlDataSource(await fixture.MySql.CreateDatabaseAsync());
        _outbox = new InvalidationOutbox(_source);
        var scripts = MigrationScript.All.Where(script =>
            script.Name.EndsWith("cache_outbox", StringComparison.Ordinal)
            || script.Name.EndsWith("cache_cut_off_nodes", StringComparison.Ordinal));
        foreach (var statement in scripts.SelectMany(script => script.Statements))
            await ExecuteAsync(statement);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        GC.SuppressFinalize(this);
    }


    public ValueTask<InvalidationOutcome> InvalidatePatternAsync(
        string pattern, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Commits name tags.");

    public ValueTask<InvalidationOutcome> InvalidateAsync(
        IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default)
    {
        foreach (var tag in tags)
            Dropped.Enqueue(tag);
        WhenDropping();
        return ValueTask.FromResult(Outcome);
    }

    internal OutboxRelay Relay(CacheHealth? health = null)
    {
        var schema = new SchemaState();
        schema.Ready();
        return new OutboxRelay(
            _outbox, fixture.Services.GetRequiredService<PartitionedNodes>(), this,
            health ?? fixture.Services.GetRequiredService<CacheHealth>(), schema, Time,
            NullLogger<OutboxRelay>.Instance);
    }

    internal Task<WriteTransaction> BeginAsync(OutboxRelay relay) =>
        fixture.Services.WriteTransactions(_source, this, relay).BeginAsync(Ct);

    /// <summary>Adds a row that every relay may take at once.</summary>
    internal Task<int> AddDueAsync(string tag) => ExecuteAsync(
        """
        INSERT INTO cache_outbox (tags, created_at, due_at)
        VALUES (JSON_ARRAY(@tag), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))
        """,
        new { tag });

    internal Task<int> MakeDueAsync() => ExecuteAsync("UPDATE cache_outbox SET due_at = UTC_TIMESTAMP(6)");

    internal Task<IReadOnlyList<Row>> RowsAsync() => QueryAsync<Row>("SELECT id, applied_at FROM cache_outbox");

    internal async Task<IReadOnlyList<T>> QueryAsync<T>(string sql)
    {
        await using var connection = await _source.OpenConnectionAsync(Ct);
        return [.. await connection.QueryAsync<T>(sql)];
    }

    internal async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await _source.OpenConnectionAsync(Ct);
        return await connection.ExecuteAsync(sql, parameters);
    }

    internal sealed record Row(long Id, DateTime? AppliedAt);
}
