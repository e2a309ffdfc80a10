using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace ECommerce.Api.Tests.Soak;

/// <summary>
/// How much is asked for, of which nodes (by index; named twice, one gets twice as much), and how many rows there are
/// of each kind.
/// </summary>
internal sealed record LoadPlan(
    int Readers, double ReadsPerSecond, int[] ReadNodes, int Writers, double WritesPerSecond, int[] WriteNodes,
    int Products, int Customers, int Orders, double ListShare);

/// <summary>
/// Readers and writers at a steady rate. Each row has one writer, so that its versions come one after the other.
/// </summary>
internal sealed class Workload(NodeCluster cluster, History history, LoadPlan plan, int seed)
{
    /// <summary>So many of the rows are changed by the faults alone, and read more often.</summary>
    public const int Reserved = 5;

    private static readonly TimeSpan LostWrite = TimeSpan.FromSeconds(1);

    private static readonly string[] Lists =
    [
        "/api/v1/products?limit=40", "/api/v1/products?limit=20&order_by=name&order_direction=asc",
        $"/api/v1/products?limit=20&search={Entity.NamePrefix}",
        "/api/v1/customers?limit=40", "/api/v1/customers?limit=20&order_by=lastname&active=true",
        "/api/v1/orders?limit=40", "/api/v1/orders?limit=20&order_by=date_add&order_direction=asc",
        "/api/v1/orders?limit=20&state_ids=1,2",
    ];

    private readonly ConcurrentDictionary<Entity, long> _versions = new();

    // The last response of each path: half of the reads ask whether it has changed, and a 304 shows its rows again.
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private Entity[] _entities = [];

    public IReadOnlyList<Entity> Victims => _entities[..Reserved];

    public async Task PrepareAsync()
    {
        var customers = await CreateAsync(
            Kind.Customer, plan.Customers, id => Samples.Customer($"{Entity.NamePrefix}1", $"soak{id}@example.com"));
        var products = await CreateAsync(Kind.Product, plan.Products, _ => Samples.Product($"{Entity.NamePrefix}1"));
        var orders = await CreateAsync(Kind.Order, plan.Orders, index => new
        {
            customer_id = customers[index % customers.Length].Id,
            lines = new[] { new { product_name = "Servizio", product_quantity = 1, unit_price_tax_excl = 10 } },
        });
        _entities = [.. customers, .. products, .. orders];
        new Random(seed).Shuffle(_entities);
        foreach (var entity in _entities)
            _versions[entity] = 1;
    }

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
    [
        .. Enumerable.Range(0, plan.Readers)
        .Select(reader => AtPaceAsync(plan.Readers / plan.ReadsPerSecond, reader, ReadAsync, stop)),
        .. Enumerable.Range(
            0, plan.Writers).Select(
                writer =>
                    AtPaceAsync(
                        plan.Writers / plan.WritesPerSecond, -1 - writer, random =>
                            WriteAnyAsync(random, writer), stop)),
    ]);

    /// <summary>Writes the next version of a row; without a response it reads whether it was committed.</summary>
    public async Task WriteAsync(Entity entity, int node)
    {
        var version = _versions[entity] + 1;
        var (method, path, body) = entity.Change(version);
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
            using var response = await cluster.Nodes[node].Client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead);
            var ended = History.Now;
            if (response.IsSuccessStatusCode)
            {
                _versions[entity] = version;
                history.Wrote(
                    new Write(
                        entity, version, response.Headers.Contains("Cache-Invalidation")
                            ? Ending.Deferred
                            : Ending.Applied, ended, node));
                return;
            }
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            // The node was killed, or is about to start.
        }
        var lost = History.Now;
        history.Failed(write: true);
        // What the server had begun to commit it has ended by then.
        await Task.Delay(LostWrite);
        if (await VersionAsync(entity) != version)
            return;
        _versions[entity] = version;
        history.Wrote(new Write(entity, version, Ending.Lost, lost, node));
    }

    public async Task<long> VersionAsync(Entity entity) =>
        (await cluster.QueryAsync<long>(
            $"SELECT row_version FROM {Entity.TableOf(entity.Kind)} WHERE id = @Id", new { entity.Id })).Single();

    /// <summary>Compares every row and every list of each node with the database; the differences.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync()
    {
        var differences = new List<string>();
        var versions = new Dictionary<Entity, long>();
        foreach (var kind in Enum.GetValues<Kind>())
        {
            foreach (var (id, version) in await cluster.QueryAsync<(long, long)>(
                $"SELECT id, row_version FROM {Entity.TableOf(kind)}"))
            {
                versions[new Entity(kind, id)] = version;
            }
        }
        foreach (var path in _entities.Select(entity => entity.Path).Concat(Lists))
        {
            for (var node = 0; node < cluster.Nodes.Count; node++)
            {
                using var response = await cluster.Nodes[node].Client.GetAsync(new Uri(path, UriKind.Relative));
                using var json = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
                foreach (var (entity, version) in Rows.In(path, json.RootElement))
                {
                    if (version != versions[entity])
                        differences.Add($"{entity} in {path} of node {node}: {version} instead of {versions[entity]}");
                }
            }
        }
        return differences;
    }

    private async Task<Entity[]> CreateAsync(Kind kind, int count, Func<int, object> body)
    {
        var made = new Entity[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (index, ct) =>
        {
            using var response = await cluster.Nodes[index % cluster.Nodes.Count].Client.PostAsJsonAsync(
                Entity.ListOf(kind), body(index), ct);
            response.EnsureSuccessStatusCode();
            using var json = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(ct));
            made[index] = new Entity(kind, json.RootElement.GetProperty("id").GetInt64());
        });
        return made;
    }

    private async Task AtPaceAsync(double seconds, int worker, Func<Random, Task> act, CancellationToken stop)
    {
        var random = new Random(HashCode.Combine(seed, worker));
        var period = (long)(seconds * Stopwatch.Frequency);
        for (var next = History.Now + random.NextInt64(period + 1); ; next += period)
        {
            var wait = Stopwatch.GetElapsedTime(History.Now, next);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else if (wait < TimeSpan.FromSeconds(-1))
                next = History.Now; // What could not be asked for in time is not made up for.
            if (stop.IsCancellationRequested)
                return;
            await act(random);
        }
    }

    private async Task WriteAnyAsync(Random random, int writer)
    {
        var own = (_entities.Length - Reserved - writer + plan.Writers - 1) / plan.Writers;
        if (own > 0 && PickUp(plan.WriteNodes, random) is { } node)
            await WriteAsync(_entities[Reserved + writer + (random.Next(own) * plan.Writers)], node);
    }

    private async Task ReadAsync(Random random)
    {
        if (PickUp(plan.ReadNodes, random) is not { } node)
            return;
        var path = random.NextDouble() < plan.ListShare ? Lists[random.Next(Lists.Length)]
            : _entities[random.Next(random.Next(10) == 0 ? Reserved : _entities.Length)].Path;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            var known = random.Next(2) == 0 ? _known.GetValueOrDefault(path) : null;
            if (known is not null)
                request.Headers.IfNoneMatch.Add(known.ETag);
            var started = History.Now;
            using var response = await cluster.Nodes[node].Client.SendAsync(request);
            var read = new Read(node, path, started, Rows.LayerOf(response));
            if (known is not null && response.StatusCode == HttpStatusCode.NotModified)
            {
                history.Saw(read, known.Rows);
                return;
            }
            if (response.IsSuccessStatusCode)
            {
                using var json = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
                var rows = Rows.In(path, json.RootElement);
                history.Saw(read, rows);
                if (response.Headers.ETag is { } tag)
                    _known[path] = new Known(tag, rows);
                return;
            }
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            // The node was killed.
        }
        history.Failed(write: false);
    }

    private sealed record Known(EntityTagHeaderValue ETag, IReadOnlyList<(Entity Entity, long Version)> Rows);

    private int? PickUp(int[] nodes, Random random)
    {
        var node = nodes[random.Next(nodes.Length)];
        return cluster.Nodes[node].IsUp
            ? node
            : nodes.Where(other => cluster.Nodes[other].IsUp).Select(other => (int?)other).FirstOrDefault();
    }
}
