namespace ECommerce.Caching.Coherence;

/// <content>A process that is not one of the nodes, as a command line is not.</content>
internal sealed partial class Backplane
{
    /// <summary>
    /// Whether this process only sends: it has no memory that anything is served from, so no writer waits for it.
    /// </summary>
    public bool IsObserver { get; private set; }

    /// <summary>
    /// Begins to send without being one of the nodes. If none is registered, it waits for two heartbeats: a Redis that
    /// has just forgotten them receives their registrations again.
    /// </summary>
    public async Task ObserveAsync(CancellationToken cancellationToken)
    {
        IsObserver = true;
        // Not the period: the connection may be a new one.
        await transport.ListenAsync(_acknowledgements.Receive, 4 * Period).ConfigureAwait(false);
        var began = time.GetTimestamp();
        while (!await transport.AnyNodeAsync().ConfigureAwait(false) && time.GetElapsedTime(began) < 2 * Period)
            await Task.Delay(Period / 10, time, cancellationToken).ConfigureAwait(false);
    }
}
