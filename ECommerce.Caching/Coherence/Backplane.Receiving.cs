namespace ECommerce.Caching.Coherence;

/// <content>What the subscription brings: applied in whatever order it comes, and counted in the order of numbers.
/// </content>
internal sealed partial class Backplane
{
    private void Receive(string? text)
    {
        try
        {
            if (BackplaneTransport.TryParseHeartbeat(text, out var node, out var heartbeat))
            {
                if (node == Node)
                    ReceiveHeartbeat(heartbeat);
            }
            else if (BackplaneMessage.TryParse(text, out var message))
            {
                Volatile.Write(ref _catchUps, 0);
                ReceiveInvalidation(message);
            }
        }
        catch (Exception exception)
        {
            // What the message invalidates is unknown, and its number counts as missing.
            _failures.Report(exception);
            lock (_orderLock)
                LoseTrack_NeedsLock();
        }
    }

    private void ReceiveInvalidation(in BackplaneMessage message)
    {
        bool isInForce;
        lock (_orderLock)
        {
            // Of one that is not ours the number does not count either.
            if (!TryApply_NeedsLock(message, out isInForce))
                return;
            Renew_NeedsLock(_order.Applied(message.Index));
        }
        // After it was applied, gap or not: this very message is in force here.
        if (message.Node != Node && isInForce && message.AcknowledgedAs is { } id)
            transport.Acknowledge(message.Node, id);
    }

    private void ReceiveHeartbeat(HeartbeatMessage heartbeat)
    {
        // Not sent by this node, though it bears its name: the lease would last for ever.
        if (heartbeat.SentAt > clock.Now)
            return;
        numbers.Observe(heartbeat.Sequence);
        lock (_orderLock)
        {
            if (!_order.IsCounting)
            {
                // The first heartbeat, or the first of another Redis: nothing connects earlier messages with its
                // number.
                LoseTrack_NeedsLock();
                _order.Start(heartbeat);
            }
            // Before the lease is renewed.
            foreach (var announced in heartbeat.Announced)
                announcements.Begin(announced, except: Node);
            if (_order.Reaches(heartbeat))
            {
                Renew_NeedsLock(heartbeat);
                return;
            }
            if (!_order.Wait(heartbeat))
                return;
        }
        _ = CatchUpAsync();
    }

    private bool TryApply_NeedsLock(in BackplaneMessage message, out bool isInForce)
    {
        isInForce = true;
        if (message.Node == Node)
            return true;
        var received = message.ParseTags();
        if (!numbers.IsPlausible(message.Version))
        {
            log.ForeignMessage(message.Version, string.Join(' ', received));
            LoseTrack_NeedsLock();
            return false;
        }
        numbers.Observe(message.Version);
        if (message.Begins is { } begun)
            isInForce = announcements.TryBegin(message.Node, begun, received);
        foreach (var tag in received)
        {
            if (!commands.TryApply(tag, message.Version))
                tags.Drop(tag, message.Version);
        }
        if (message.Ends is { } ended)
            announcements.End(message.Node, ended);
        // An announcement may be rolled back.
        if (message.Begins is null)
            events.Invalidated(Array.FindAll(received, BackplaneCommands.IsTag), isLocal: false);
        return true;
    }

    private void Renew_NeedsLock(HeartbeatMessage? received)
    {
        if (received is not { } heartbeat)
            return;
        if (!lease.IsHeld)
        {
            // No message is missing; but values read meanwhile may come from before the connection was cut.
            LoseTrack_NeedsLock();
            if (_silenceLogged)
                log.BackplaneRestored();
            _silenceLogged = false;
        }
        lease.Renew(heartbeat.SentAt);
        if (lease.TryFollow(heartbeat.Sequence))
            Joined?.Invoke();
        CompleteListening();
    }

    private void LoseTrack_NeedsLock()
    {
        lease.LoseTrack();
        tags.DropAll();
    }

    // The heartbeat and the result of the script that sent it come over two connections, in either order.
    private void CompleteListening()
    {
        if (connection.IsTrusted && lease.IsHeld)
            _firstHeartbeat.TrySetResult();
    }

    /// <summary>
    /// Messages were missed: the log shows which, or L1 is dropped. Until then the lease is not renewed.
    /// </summary>
    private async Task CatchUpAsync()
    {
        try
        {
            var logged = await transport.ReadLogAsync().ConfigureAwait(false);
            lock (_orderLock)
            {
                var missed = logged.Where(message => message.Index > _order.Last).OrderBy(message => message.Index)
                    .ToArray();
                if (missed.Length > 0)
                    Interlocked.Increment(ref _catchUps);
                if (!_order.IsCounting || missed.Length == 0 || missed[0].Index != _order.Last + 1)
                    LoseTrack_NeedsLock();
                foreach (var message in missed)
                    _ = TryApply_NeedsLock(message, out _);
                Renew_NeedsLock(_order.CaughtUp(missed.Length > 0 ? missed[^1].Index : null));
            }
        }
        catch (Exception exception)
        {
            // The next heartbeat shows the same gap and repeats the attempt.
            _failures.Report(exception);
        }
    }
}
