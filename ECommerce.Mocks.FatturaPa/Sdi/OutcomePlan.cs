namespace ECommerce.Mocks.FatturaPa.Sdi;

internal enum OutcomeKind
{
    /// <summary>What the checks and the addressing lead to.</summary>
    ByRule,

    /// <summary>Discarded, with the given codes.</summary>
    Ns,

    /// <summary>Delivered.</summary>
    Rc,

    /// <summary>Accepted and not delivered.</summary>
    Mc,

    /// <summary>Refused by the provider: the SDI does not see the file.</summary>
    Ko,

    /// <summary>The SDI has the file and does not answer.</summary>
    Silent,

    /// <summary>A public body accepts it (EC01).</summary>
    Accepted,

    /// <summary>A public body refuses it (EC02).</summary>
    Refused,

    /// <summary>A public body lets its time pass (DT).</summary>
    Expired,

    /// <summary>It could not be delivered to a public body (AT).</summary>
    Attested,
}

/// <summary>
/// What becomes of files to come. <c>times</c> 0: until it is removed; <c>file</c>: the one file that it is about;
/// <c>copies</c>: how often each notification comes; <c>delay_ms</c>: instead of the usual delay.
/// </summary>
internal sealed record ForcedOutcome(
    OutcomeKind Kind = OutcomeKind.ByRule, IReadOnlyList<string>? Codes = null, int Times = 1, string? File = null,
    int? DelayMs = null, int Copies = 1);

/// <summary>The outcomes that wait, first come first used.</summary>
internal sealed class OutcomePlan
{
    private const int Limit = 1000;

    private readonly Lock _lock = new();
    private readonly List<(ForcedOutcome Outcome, int Left)> _waiting = [];

    public bool Add(ForcedOutcome outcome)
    {
        lock (_lock)
        {
            if (_waiting.Count >= Limit)
                return false;
            _waiting.Add((outcome, outcome.Times));
            return true;
        }
    }

    public void Clear()
    {
        lock (_lock)
            _waiting.Clear();
    }

    public ForcedOutcome Take(string fileName)
    {
        lock (_lock)
        {
            var index = _waiting.FindIndex(
                entry => entry.Outcome.File is null
                    || string.Equals(entry.Outcome.File, fileName, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
                return new ForcedOutcome();

            var (outcome, left) = _waiting[index];
            if (left == 1)
                _waiting.RemoveAt(index);
            else if (outcome.Times > 0)
                _waiting[index] = (outcome, left - 1);
            return outcome;
        }
    }
}
