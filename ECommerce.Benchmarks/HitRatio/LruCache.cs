namespace ECommerce.Benchmarks.HitRatio;

/// <summary>The plain one: what was read last stays longest.</summary>
internal sealed class LruCache(int maximumItems)
{
    private readonly Dictionary<int, LinkedListNode<int>> _places = [];
    private readonly LinkedList<int> _order = new();

    /// <summary>Whether it was there; afterwards it is.</summary>
    public bool Read(int key)
    {
        if (_places.TryGetValue(key, out var place))
        {
            _order.Remove(place);
            _order.AddFirst(place);
            return true;
        }
        if (_places.Count == maximumItems)
        {
            _places.Remove(_order.Last!.Value);
            _order.RemoveLast();
        }
        _places[key] = _order.AddFirst(key);
        return false;
    }
}
