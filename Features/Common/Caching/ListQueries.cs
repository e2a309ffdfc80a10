using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ECommerce.Features.Common.Caching;

/// <summary>
/// The query strings behind the hashes in the keys of lists, as far as <see cref="QueryHashMemo"/> keeps them: those
/// that clients send again and again. Warming repeats them.
/// </summary>
internal sealed class ListQueries
{
    // A policy of several routes has a memo for each.
    private readonly ConcurrentDictionary<string, ImmutableArray<QueryHashMemo>> _memos = new(StringComparer.Ordinal);

    public void Add(string pattern, QueryHashMemo memo) => _memos.AddOrUpdate(
        pattern, static (_, added) => [added],
        static (_, known, added) => known.Contains(added) ? known : known.Add(added), memo);

    /// <summary>The query string of a list, and the entity whose list it is; null: it is not known here.</summary>
    public (string Query, long Of)? Find(string pattern, string hash) =>
        _memos.TryGetValue(pattern, out var memos)
            ? memos.Select(memo => memo.QueryOf(hash)).FirstOrDefault(static query => query is not null)
            : null;
}
