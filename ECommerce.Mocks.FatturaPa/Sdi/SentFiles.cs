using System.Security.Cryptography;

namespace ECommerce.Mocks.FatturaPa.Sdi;

/// <summary>
/// What the SDI has seen from all accounts: names and bytes for ever, invoices as long as they were not discarded. The
/// oldest of many are forgotten.
/// </summary>
internal sealed class SentFiles
{
    private readonly BoundedSet _names = new();
    private readonly BoundedSet _hashes = new();
    private readonly BoundedSet _invoices = new();

    /// <summary>Whether the name, or the bytes, are new; they are not from now on.</summary>
    public bool AddFile(string name, byte[] content)
    {
        var isNewName = _names.Add(name.ToUpperInvariant());
        return _hashes.Add(Convert.ToHexString(SHA256.HashData(content))) && isNewName;
    }

    public bool HasInvoice(string key) => _invoices.Contains(key);

    public void AddInvoice(string key) => _invoices.Add(key);

    public void Clear()
    {
        _names.Clear();
        _hashes.Clear();
        _invoices.Clear();
    }

    private sealed class BoundedSet
    {
        private const int Limit = 100_000;

        private readonly HashSet<string> _items = [];
        private readonly Queue<string> _order = new();

        public bool Contains(string item) => _items.Contains(item);

        public bool Add(string item)
        {
            if (!_items.Add(item))
                return false;
            _order.Enqueue(item);
            if (_order.Count > Limit)
                _items.Remove(_order.Dequeue());
            return true;
        }

        public void Clear()
        {
            _items.Clear();
            _order.Clear();
        }
    }
}
