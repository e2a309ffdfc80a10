using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Overload;

/// <summary>Who gets a permit of the gate and for how long, with real sessions of one API.</summary>
public sealed class PermitTests(ApiFixture fixture) : IAsyncLifetime
{
    private ApiFactory _api = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private DatabaseGate Gate => _api.Services.GetRequiredService<DatabaseGate>();

    private DbDataSource Source => _api.Services.GetRequiredService<DbDataSource>();

    public async ValueTask InitializeAsync()
    {
        _api = new ApiFactory(
            await fixture.MySql.CreateDatabaseAsync(), fixture.Redis.ConnectionString, settings:
            [("DATABASE_CONCURRENCY", "3")]);
        await _api.StartAsync();
    }

    [Fact]
    public async Task Nested_connections_of_one_request_share_one_permit()
    {
        await InRequestAsync(async () =>
        {
            List<DbConnection> nested = [];
            for (var i = 0; i < 5; i++)
                nested.Add(await Source.OpenConnectionAsync(Ct));
            // Two of the three permits are left.
            var others = await Task.WhenAll(InRequestAsync(OpenAsync), InRequestAsync(OpenAsync));
            Assert.All(others, Assert.NotNull);
            await Assert.ThrowsAsync<DatabaseOverloadedException>(() => InRequestAsync(OpenAsync));
            foreach (var connection in nested.Concat(others))
                await connection.DisposeAsync();
            return 0;
        });

        Assert.Equal(3, await FreePermitsAsync());
    }

    [Fact]
    public async Task Request_keeps_its_permit_between_two_connections_and_gives_it_back_at_its_end()
    {
        await InRequestAsync(async () =>
        {
            await using (await Source.OpenConnectionAsync(Ct))
            {
            }
            Assert.Equal(2, await FreePermitsAsync());
            return 0;
        });

        Assert.Equal(3, await FreePermitsAsync());
    }

    [Fact]
    public async Task Syncs_hold_at_most_two_permits_and_the_third_waits_for_one_of_them()
    {
        var first = await InSyncAsync(OpenAsync);
        var second = await InSyncAsync(OpenAsync);
        var third = InSyncAsync(OpenAsync);

        Assert.Equal(1, await FreePermitsAsync());
        Assert.False(third.IsCompleted);
        await first.DisposeAsync();
        await using var late = await third;

        Assert.Equal(1, await FreePermitsAsync());
        await second.DisposeAsync();
    }

    [Fact]
    public async Task Sync_holds_no_permit_between_two_connections()
    {
        await InSyncAsync(async () =>
        {
            await using (await Source.OpenConnectionAsync(Ct))
                Assert.Equal(2, await FreePermitsAsync());
            Assert.Equal(3, await FreePermitsAsync());
            return 0;
        });
    }

    [Fact]
    public async Task Failed_opening_gives_the_permit_back()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => InRequestAsync(async () => await Source.OpenConnectionAsync(gone.Token)));
        }

        Assert.Equal(3, await FreePermitsAsync());
    }

    [Fact]
    public async Task Warming_takes_no_permit_of_requests_and_two_reads_at_a_time()
    {
        var first = await Gate.AcquireForWarmingAsync(Ct);
        var second = await Gate.AcquireForWarmingAsync(Ct);
        var third = Gate.AcquireForWarmingAsync(Ct);
        await InFlowAsync(async () =>
        {
            var scope = Gate.BeginWarming(first);
            await using (await Source.OpenConnectionAsync(Ct))
                Assert.Equal(3, await FreePermitsAsync());
            Assert.False(third.IsCompleted);
            // Releases the first one.
            scope.End();
            return 0;
        });

        (await third).Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task Warming_waits_while_requests_use_more_than_half_of_the_permits()
    {
        await InRequestAsync(async () =>
        {
            await using var one = await OpenAsync();
            (await Gate.AcquireForWarmingAsync(Ct)).Dispose();
            var other = await InFlowAsync(OpenAsync);

            using var limited = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Gate.AcquireForWarmingAsync(limited.Token));

            var waiting = Gate.AcquireForWarmingAsync(Ct);
            await other.DisposeAsync();
            (await waiting).Dispose();
            return 0;
        });
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private async Task<DbConnection> OpenAsync() => await Source.OpenConnectionAsync(Ct);

    // Takes as many as there are, each in a request of its own, and gives them back.
    private async Task<int> FreePermitsAsync()
    {
        List<DbConnection> taken = [];
        try
        {
            while (true)
                taken.Add(await InFlowAsync(OpenAsync));
        }
        catch (DatabaseOverloadedException)
        {
            return taken.Count;
        }
        finally
        {
            foreach (var connection in taken)
                await connection.DisposeAsync();
        }
    }

    private Task<T> InRequestAsync<T>(Func<Task<T>> work) => InFlowAsync(async () =>
    {
        var scope = Gate.BeginRequest();
        try
        {
            return await work();
        }
        finally
        {
            scope.End();
        }
    });

    private Task<T> InSyncAsync<T>(Func<Task<T>> work) => InFlowAsync(() =>
    {
        Gate.BeginSync();
        return work();
    });

    // Without the caller's scope.
    private static Task<T> InFlowAsync<T>(Func<Task<T>> work)
    {
        using (ExecutionContext.SuppressFlow())
            return Task.Run(work, Ct);
    }
}
