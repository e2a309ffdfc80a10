using System.Globalization;
using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ECommerce.Features.Common.Warming;

/// <summary>What a read needs besides its tenant and its argument.</summary>
internal sealed record WarmServices(QueryHash Hash, MultiLevelCache Cache, TenantDbContexts Contexts);

/// <summary>A read that fills memory.</summary>
internal sealed record PlannedRead(WarmRead Read, Tenant Tenant, string Argument);

/// <summary>
/// How the reads of one policy are repeated: a feature declares one for each policy whose entries are worth having in
/// memory before they are asked for. The argument of a read is what its key was computed from: an id, or the canonical
/// query.
/// </summary>
internal abstract class WarmRead(CachePolicy policy)
{
    public CachePolicy Policy => policy;

    /// <summary>The argument of the first page of a list, or of a table that is read whole; else null.</summary>
    public abstract string? First { get; }

    /// <summary>The argument of the read that fills a key; null: it is not known here.</summary>
    public abstract string? ArgumentOf(string key, ListQueries queries, QueryHash hash);

    /// <summary>The key that a read fills; null: its argument is not valid any more.</summary>
    public abstract string? KeyOf(Tenant tenant, string argument, QueryHash hash);

    /// <summary>Repeats a read; one whose argument is not valid any more does nothing.</summary>
    public abstract Task RunAsync(Tenant tenant, string argument, WarmServices services, CancellationToken ct);

    /// <summary>A small table, of which a tenant has one entry.</summary>
    public static WarmRead Whole(CachePolicy policy, Func<Tenant, WarmServices, CancellationToken, Task> read) =>
        new WholeRead(policy, read);

    /// <summary>An entity under its id.</summary>
    public static WarmRead ById(CachePolicy policy, Func<long, Tenant, WarmServices, CancellationToken, Task> read) =>
        new EntityRead(policy, read);

    /// <summary>A list under the hash of its query.</summary>
    public static WarmRead List<TQuery>(
        CachePolicy policy, Func<QueryReader, TQuery> parse,
        Func<TQuery, Tenant, WarmServices, CancellationToken, Task> read)
        where TQuery : ListQuery => new ListRead<TQuery>(
            policy, ofEntity: false, parse, (query, _, tenant, services, ct) => read(query, tenant, services, ct));

    /// <summary>A list of one entity.</summary>
    public static WarmRead ListOf<TQuery>(
        CachePolicy policy, Func<QueryReader, TQuery> parse,
        Func<TQuery, long, Tenant, WarmServices, CancellationToken, Task> read)
        where TQuery : ListQuery => new ListRead<TQuery>(policy, ofEntity: true, parse, read);

    /// <summary>
    /// A policy of two kinds of lists: those of one entity, whose arguments begin with its id, and those of none.
    /// </summary>
    public static WarmRead Either(WarmRead list, WarmRead listOfEntity) => new EitherRead(list, listOfEntity);

    private static string LastSegment(string key) => key[(key.LastIndexOf(':') + 1)..];

    private static bool TryParseId(string text, out long id) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id > 0;

    private sealed class WholeRead(CachePolicy policy, Func<Tenant, WarmServices, CancellationToken, Task> read)
        : WarmRead(policy)
    {
        public override string First => "";

        public override string ArgumentOf(string key, ListQueries queries, QueryHash hash) => "";

        public override string KeyOf(Tenant tenant, string argument, QueryHash hash) => Policy.Key(tenant);

        public override Task RunAsync(Tenant tenant, string argument, WarmServices services, CancellationToken ct) =>
            read(tenant, services, ct);
    }

    private sealed class EntityRead(CachePolicy policy, Func<long, Tenant, WarmServices, CancellationToken, Task> read)
        : WarmRead(policy)
    {
        public override string? First => null;

        public override string? ArgumentOf(string key, ListQueries queries, QueryHash hash) =>
            TryParseId(LastSegment(key), out _) ? LastSegment(key) : null;

        public override string? KeyOf(Tenant tenant, string argument, QueryHash hash) =>
            TryParseId(argument, out var id) ? Policy.Key(tenant, id) : null;

        public override Task RunAsync(Tenant tenant, string argument, WarmServices services, CancellationToken ct) =>
            TryParseId(argument, out var id) ? read(id, tenant, services, ct) : Task.CompletedTask;
    }

    private sealed class EitherRead(WarmRead list, WarmRead listOfEntity) : WarmRead(list.Policy)
    {
        public override string? First => list.First;

        public override string? ArgumentOf(string key, ListQueries queries, QueryHash hash) =>
            list.ArgumentOf(key, queries, hash) ?? listOfEntity.ArgumentOf(key, queries, hash);

        public override string? KeyOf(Tenant tenant, string argument, QueryHash hash) =>
            Of(argument).KeyOf(tenant, argument, hash);

        public override Task RunAsync(Tenant tenant, string argument, WarmServices services, CancellationToken ct) =>
            Of(argument).RunAsync(tenant, argument, services, ct);

        private WarmRead Of(string argument) => argument.StartsWith('?') ? list : listOfEntity;
    }

    // Its argument is the canonical query, behind the id of the entity if it is a list of one: "42?limit=20".
    private sealed class ListRead<TQuery>(
        CachePolicy policy, bool ofEntity, Func<QueryReader, TQuery> parse,
        Func<TQuery, long, Tenant, WarmServices, CancellationToken, Task> read) : WarmRead(policy)
        where TQuery : ListQuery
    {
        public override string? First => ofEntity ? null : "?";

        public override string? ArgumentOf(string key, ListQueries queries, QueryHash hash)
        {
            var qhash = LastSegment(key);
            if (queries.Find(Policy.Pattern, qhash) is not var (text, of) || Parse(text) is not { } query)
                return null;
            var canonical = QueryHelpers.AddQueryString("", query.Canonical.Select(static pair =>
                KeyValuePair.Create(pair.Key, (string?)pair.Value)));
            var argument = (ofEntity ? of.ToString(CultureInfo.InvariantCulture) : "")
                + (canonical.Length == 0 ? "?" : canonical);
            // A parameter whose canonical value is not read back as it is would fill another key.
            return HashOf(argument, hash) == qhash ? argument : null;
        }

        public override string? KeyOf(Tenant tenant, string argument, QueryHash hash) =>
            HashOf(argument, hash) is { } qhash ? Policy.Key(tenant, qhash) : null;

        public override Task RunAsync(Tenant tenant, string argument, WarmServices services, CancellationToken ct) =>
            Split(argument) is var (query, of) ? read(query, of, tenant, services, ct) : Task.CompletedTask;

        private string? HashOf(string argument, QueryHash hash) => Split(argument) is var (query, of)
            ? hash.Compute(ofEntity ? query.Canonical.Of(of) : query.Canonical) : null;

        private (TQuery Query, long Of)? Split(string argument)
        {
            var mark = argument.IndexOf('?', StringComparison.Ordinal);
            long of = 0;
            return mark >= 0 && (!ofEntity || TryParseId(argument[..mark], out of))
                && Parse(argument[mark..]) is { } query ? (query, of) : null;
        }

        private TQuery? Parse(string text)
        {
            var reader = new QueryReader(new QueryCollection(QueryHelpers.ParseQuery(text)));
            var query = parse(reader);
            return reader.Errors.Count == 0 ? query : null;
        }
    }
}
