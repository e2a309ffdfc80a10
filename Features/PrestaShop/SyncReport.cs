using System.Text.Json;

namespace ECommerce.Features.PrestaShop;

/// <summary>A row of the shop that was rejected or changed on its way; the id is 0 for what concerns no row.</summary>
internal sealed record SyncError(string Entity, long OriginId, string Message);

/// <summary>
/// The errors and warnings of a run. Those of a page count once its transaction is committed, and not at all when it is
/// rolled back: the page is then written again.
/// </summary>
internal sealed class SyncReport
{
    private const int MaxKept = 100;
    private const int MaxRemembered = 10_000;

    private readonly List<SyncError> _errors = [];
    private readonly List<SyncError> _warnings = [];
    private readonly List<(SyncError Entry, bool IsError)> _pending = [];
    private readonly Dictionary<string, Dictionary<long, string>> _rejected = [];
    private readonly HashSet<(string, long)> _warned = [];
    private int _mark;

    /// <summary>Rejected rows.</summary>
    public int Failed { get; private set; }

    /// <summary>Rows with a warning.</summary>
    public int Warned => _warned.Count;

    /// <summary>Whether something is left undone that is no row.</summary>
    public bool IsIncomplete { get; private set; }

    public string Errors => JsonSerializer.Serialize(_errors, JsonSerializerOptions.Web);

    public string Warnings => JsonSerializer.Serialize(_warnings, JsonSerializerOptions.Web);

    /// <summary>The rejected rows of an entity and why, at most 10,000.</summary>
    public IReadOnlyDictionary<long, string> RejectedOf(string entity) =>
        _rejected.TryGetValue(entity, out var rows) ? rows : new Dictionary<long, string>();

    public void Reject(string entity, long originId, string message) =>
        _pending.Add((new SyncError(entity, originId, message), true));

    public void Warn(string entity, long originId, string message) =>
        _pending.Add((new SyncError(entity, originId, message), false));

    /// <summary>What the run leaves undone on purpose.</summary>
    public void Refuse(string entity, string message)
    {
        IsIncomplete = true;
        Keep(_errors, new SyncError(entity, 0, message));
    }

    /// <summary>Why the run ends early: kept whatever else was.</summary>
    public void Fail(string phase, string message)
    {
        Commit();
        if (_errors.Count >= MaxKept)
            _errors.RemoveAt(MaxKept - 1);
        _errors.Add(new SyncError(phase, 0, message));
    }

    /// <summary>What follows belongs to a page.</summary>
    public void BeginPage() => _mark = _pending.Count;

    public void RollBackPage() => _pending.RemoveRange(_mark, _pending.Count - _mark);

    /// <summary>How many rows of the page were rejected.</summary>
    public int RejectedInPage => _pending.Skip(_mark).Count(entry => entry.IsError);

    /// <summary>Rejections up to now, those of the page included.</summary>
    public int FailedSoFar => Failed + _pending.Count(entry => entry.IsError);

    public void Commit()
    {
        foreach (var (entry, isError) in _pending)
        {
            Keep(isError ? _errors : _warnings, entry);
            if (isError)
                Remember(entry);
            else
                _warned.Add((entry.Entity, entry.OriginId));
        }
        _pending.Clear();
        _mark = 0;
    }

    private void Remember(SyncError entry)
    {
        if (!_rejected.TryGetValue(entry.Entity, out var rows))
            rows = _rejected[entry.Entity] = [];
        Failed++;
        if (rows.Count < MaxRemembered)
            rows[entry.OriginId] = entry.Message;
    }

    private static void Keep(List<SyncError> kept, SyncError entry)
    {
        if (kept.Count < MaxKept)
            kept.Add(entry);
    }
}
