namespace ECommerce.Mocks.FatturaPa.Control;

/// <summary>The faults that wait, first come first struck.</summary>
internal sealed class FaultPlan
{
    private const int Limit = 1000;

    private readonly Lock _lock = new();
    private readonly List<(Fault Fault, int Left)> _waiting = [];

    public IReadOnlyList<Fault> Waiting
    {
        get
        {
            lock (_lock)
            {
                return [.. _waiting.Select(
                    entry => entry.Fault with { Times = entry.Fault.Times == 0 ? 0 : entry.Left })];
            }
        }
    }

    public bool Add(Fault fault)
    {
        lock (_lock)
        {
            if (_waiting.Count >= Limit)
                return false;
            _waiting.Add((fault, fault.Times));
            return true;
        }
    }

    public void Clear()
    {
        lock (_lock)
            _waiting.Clear();
    }

    /// <summary>The fault that strikes this call, used up once.</summary>
    public Fault? Take(string call)
    {
        lock (_lock)
        {
            var index = _waiting.FindIndex(entry => entry.Fault.Call is null || entry.Fault.Call == call);
            if (index < 0)
                return null;

            var (fault, left) = _waiting[index];
            if (left == 1)
                _waiting.RemoveAt(index);
            else if (fault.Times > 0)
                _waiting[index] = (fault, left - 1);
            return fault;
        }
    }
}
