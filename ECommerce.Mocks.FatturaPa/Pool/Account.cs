using System.Globalization;

namespace ECommerce.Mocks.FatturaPa.Pool;

/// <summary>
/// What belongs to one API key. An entry becomes visible when its time has come, and gets its row key then: a client
/// that remembers the highest row key that it has seen misses nothing.
/// </summary>
internal sealed class Account(int number, string key, ProviderOptions options, TimeProvider time)
{
    private const int MaxUploads = 200;
    private const int MaxWaiting = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Upload> _uploads = [];
    private readonly Queue<string> _uploadOrder = new();
    private readonly PriorityQueue<PoolEntry, (DateTimeOffset At, long Order)> _waiting = new();
    private readonly LinkedList<PoolEntry> _entries = new();
    private long _bytes;
    private long _order;
    private long _rows;

    public string Key => key;

    public int Number => number;

    public string PartitionKey => number.ToString("D11", CultureInfo.InvariantCulture);

    public Upload Open(string? fileName)
    {
        var upload = new Upload(Guid.NewGuid().ToString("N"), fileName);
        lock (_lock)
        {
            _uploads.Add(upload.Name, upload);
            _uploadOrder.Enqueue(upload.Name);
            if (_uploadOrder.Count > MaxUploads)
                _uploads.Remove(_uploadOrder.Dequeue());
        }
        return upload;
    }

    public Upload? FindUpload(string name)
    {
        lock (_lock)
            return _uploads.GetValueOrDefault(name);
    }

    public void Add(PoolEntry entry, TimeSpan delay)
    {
        lock (_lock)
        {
            if (_waiting.Count < MaxWaiting)
                _waiting.Enqueue(entry, (time.GetUtcNow() + delay, _order++));
        }
    }

    /// <summary>The entries that are visible now, in the order of their row keys.</summary>
    public IReadOnlyList<PoolEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                Advance();
                return [.. _entries];
            }
        }
    }

    public PoolEntry? Find(string rowKey) => Entries.FirstOrDefault(entry => entry.RowKey == rowKey);

    public void Clear()
    {
        lock (_lock)
        {
            _uploads.Clear();
            _uploadOrder.Clear();
            _waiting.Clear();
            _entries.Clear();
            _bytes = 0;
        }
    }

    private void Advance()
    {
        var now = time.GetUtcNow();
        while (_waiting.TryPeek(out var entry, out var due) && due.At <= now)
        {
            _waiting.Dequeue();
            _entries.AddLast(entry with
            {
                PartitionKey = PartitionKey,
                RowKey = (++_rows).ToString("D10", CultureInfo.InvariantCulture),
                Timestamp = due.At,
            });
            _bytes += entry.Content.Length;
            while (_entries.Count > options.MaxEntries || _bytes > (long)options.MaxMegabytes << 20)
            {
                _bytes -= _entries.First!.Value.Content.Length;
                _entries.RemoveFirst();
            }
        }
    }
}

/// <summary>A file on its way: a name of the provider's own, and what was put there.</summary>
internal sealed class Upload(string name, string? fileName)
{
    public string Name => name;

    public string? FileName => fileName;

    public byte[]? Content { get; set; }
}
