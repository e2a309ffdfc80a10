using ECommerce.Mocks.PrestaShop.Generation;

namespace ECommerce.Mocks.PrestaShop.Control;

/// <summary>The faults that wait, first come first struck.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private readonly List<(Fault Fault, int Left)> _waiting = [];
    private Rng _rng = Rng.For(1, "faults", 0);

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

    public void Add(Fault fault)
    {
        lock (_lock)
            _waiting.Add((fault, fault.Times));
    }

    public void Clear()
    {
        lock (_lock)
        {
            _waiting.Clear();
            _rng = Rng.For(1, "faults", 0);
        }
    }

    /// <summary>The fault that strikes this request, used up once.</summary>
    public Fault? Take(string resource, string method)
    {
        lock (_lock)
        {
            var index = _waiting.FindIndex(entry => Strikes(entry.Fault, resource, method));
            if (index < 0)
                return null;

            var (fault, left) = _waiting[index];
            if (fault.Times > 0)
            {
                if (left == 1)
                    _waiting.RemoveAt(index);
                else _waiting[index] = (fault, left - 1);
            }

            return fault;
        }
    }

    private bool Strikes(Fault fault, string resource, string method) =>
        (fault.Resource is null || fault.Resource == resource)
        && (fault.On is null || fault.On == method)
        && (fault.Every == 1 || _rng.Between(0, fault.Every) == 0);
}
