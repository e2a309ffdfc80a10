using System.Data.Common;
using Dapper;
using ECommerce.Caching;
using ECommerce.Caching.Warming;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Common.Warming;

/// <summary>
/// What a run of warming reads, in this order: the tables that are read whole of every tenant, the most-read keys, the
/// first pages of lists. At most half of what memory holds, so that responses have room too.
/// </summary>
internal sealed class WarmingPlan(
    [FromKeyedServices(DatabasePools.Background)] DbDataSource source, IReadOnlyList<WarmRead> reads,
    RecordedReads recorded, IReadSampler sampler, ICacheFlags flags)
{
    private const string Tenants = "SELECT slug FROM tenants ORDER BY slug";

    private readonly Dictionary<string, WarmRead> _reads = reads.ToDictionary(static read => read.Policy.Pattern);

    public bool IsUseful => sampler.MaxItems > 0;

    /// <param name="tenant">Whose values; null: those of all tenants.</param>
    /// <param name="ct">Ends the call.</param>
    public async Task<IReadOnlyList<PlannedRead>> CreateAsync(string? tenant, CancellationToken ct)
    {
        var tenants = new List<(Tenant Tenant, IReadOnlyList<RecordedRead> Recorded)>();
        foreach (var slug in tenant is null ? await TenantsAsync(ct) : [tenant])
            tenants.Add((new Tenant(slug), await recorded.ReadAsync(new Tenant(slug), ct)));
        // Those whose users are at work come first.
        var byUse = tenants.OrderByDescending(static one => one.Recorded.Sum(static read => read.Weight)).ToArray();

        var off = flags.All.Where(static flag => !flag.IsOn).Select(static flag => flag.Name).ToHashSet();
        return
        [
            .. First(isWhole: true)
                .Concat(byUse
                    .SelectMany(static one => one.Recorded.Select(read => (one.Tenant, Recorded: read)))
                    .OrderByDescending(static one => one.Recorded.Weight)
                    .Where(one => _reads.ContainsKey(one.Recorded.Pattern))
                    .Select(one => new PlannedRead(
                        _reads[one.Recorded.Pattern], one.Tenant, one.Recorded.Argument)))
                .Concat(First(isWhole: false))
                .Where(planned => planned.Read.Policy.Flag is not { } flag || !off.Contains(flag))
                .Distinct().Take(Math.Max(1, sampler.MaxItems / 2)),
        ];

        IEnumerable<PlannedRead> First(bool isWhole) => byUse.SelectMany(one => reads
            .Where(read => read.First is { } first && first.Length == 0 == isWhole)
            .Select(read => new PlannedRead(read, one.Tenant, read.First!)));
    }

    private async Task<IEnumerable<string>> TenantsAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await connection.QueryAsync<string>(new CommandDefinition(Tenants, cancellationToken: ct));
    }
}
