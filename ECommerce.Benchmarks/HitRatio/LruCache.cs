namespace ECommerce.Benchmarks.HitRatio;

/// <summary>Plain LRU: the least recently read item is evicted.</summary>
internal sealed class LruCache(int maximumItems)
{
    private readonly Dictionary<int, LinkedListNode<int>> _places = [];
    private readonly LinkedList<int> _order = new();

    /// <summary>Reads a key and adds it if absent; returns whether it was present.</summary>
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
