using System.Collections.Concurrent;

namespace ECommerce.Caching.Coherence;

/// <summary>The nodes that have acknowledged this node's messages.</summary>
internal sealed class Acknowledgements
{
    private readonly ConcurrentDictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);
    private long _last;

    /// <summary>A number for a message; no other of this node has it.</summary>
    public string NewId() =>
        Interlocked.Increment(ref _last).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>
    /// A message is about to be sent that is acknowledged by an id: acknowledgements may come before the sender knows
    /// the nodes to wait for.
    /// </summary>
    public void Expect(string id) => _waiting[id] = new Waiting();

    /// <param name="id">The message.</param>
    /// <param name="node">The node that acknowledges it.</param>
    /// <param name="answer">What it answers, if the message was a question.</param>
    public void Receive(string id, string node, string? answer)
    {
        if (_waiting.TryGetValue(id, out var waiting))
            waiting.Add(node, answer);
    }

    /// <summary>The answer of a node to a question; null: none has come.</summary>
    public string? AnswerOf(string node, string id) =>
        _waiting.TryGetValue(id, out var waiting) ? waiting.AnswerOf(node) : null;

    /// <summary>True when all the nodes have acknowledged in time.</summary>
    public async Task<bool> WaitAsync(string id, IEnumerable<string> nodes, TimeSpan patience, TimeProvider time)
    {
        if (!_waiting.TryGetValue(id, out var waiting))
            return false;
        try
        {
            await waiting.AllOf(nodes).WaitAsync(patience, time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Forget(string id) => _waiting.TryRemove(id, out _);

    private sealed class Waiting
    {
        private readonly Lock _lock = new();
        private readonly HashSet<string> _acknowledged = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);

        // Continuations run on the thread that read the last acknowledgement: waking another thread takes longer.
        private readonly TaskCompletionSource _all = new();
        private HashSet<string>? _missing;

        public string? AnswerOf(string node)
        {
            lock (_lock)
                return _answers.GetValueOrDefault(node);
        }

        public void Add(string node, string? answer)
        {
            bool isLast;
            lock (_lock)
            {
                if (answer is not null)
                    _answers[node] = answer;
                _acknowledged.Add(node);
                isLast = _missing is not null && _missing.Remove(node) && _missing.Count == 0;
            }
            if (isLast)
                _all.TrySetResult();
        }

        public Task AllOf(IEnumerable<string> nodes)
        {
            lock (_lock)
            {
                _missing = [.. nodes];
                _missing.ExceptWith(_acknowledged);
                if (_missing.Count == 0)
                    _all.TrySetResult();
            }
            return _all.Task;
        }
    }
}
