using System.Collections.Concurrent;

namespace ECommerce.Features.Common.Caching;

/// <summary>
/// The query strings behind the hashes in the keys of lists, as far as <see cref="QueryHashMemo"/> keeps them: those
/// that clients send again and again. Warming repeats them.
/// </summary>
internal sealed class ListQueries
{
    private readonly ConcurrentDictionary<string, QueryHashMemo> _memos = new(StringComparer.Ordinal);

    public void Add(string pattern, QueryHashMemo memo) => _memos.TryAdd(pattern, memo);

    /// <summary>The query string of a list, and the entity whose list it is; null: it is not known here.</summary>
    public (string Query, long Of)? Find(string pattern, string hash) =>
        _memos.TryGetValue(pattern, out var memo) ? memo.QueryOf(hash) : null;
}
