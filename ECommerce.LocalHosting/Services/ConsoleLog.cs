using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>The last lines of one console, replayed to whoever begins to watch.</summary>
internal sealed class ConsoleLog
{
    private const int Kept = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly List<ChannelWriter<LogLine>> _watchers = [];
    private int _last;

    public void Append(string content, bool isError)
    {
        lock (_lock)
        {
            var line = new LogLine(++_last, content, isError);
            _lines.Enqueue(line);
            if (_lines.Count > Kept)
                _lines.Dequeue();

            foreach (var watcher in _watchers)
                watcher.TryWrite(line);
        }
    }

    public IReadOnlyList<LogLine> All()
    {
        lock (_lock)
            return [.. _lines];
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A watcher that does not keep up loses the oldest lines, as the backlog does.
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropOldest });
        IReadOnlyList<LogLine> backlog;
        lock (_lock)
        {
            backlog = [.. _lines];
            _watchers.Add(channel.Writer);
        }

        try
        {
            if (backlog.Count > 0)
                yield return backlog;

            while (await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var batch = new List<LogLine>();
                while (channel.Reader.TryRead(out var line))
                    batch.Add(line);

                yield return batch;
            }
        }
        finally
        {
            lock (_lock)
                _watchers.Remove(channel.Writer);
        }
    }
}
