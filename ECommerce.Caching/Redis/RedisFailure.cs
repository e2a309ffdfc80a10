using System.Text.RegularExpressions;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace ECommerce.Caching.Redis;

/// <summary>
/// Which exceptions mean that Redis is unavailable or faulty, and not a defect of this code; and which of these mean
/// that it cannot serve at all.
/// </summary>
internal static partial class RedisFailure
{
    /// <summary>The user has no right to a command, a key or a channel.</summary>
    public const string NoPermission = "NOPERM";

    // Before Redis 7.2 a script that lacks a right fails with ERR.
    private const string NoPermissionInScript = "The user executing the script can't";

    // A call that the client itself cancels is one of them: no caller's token reaches Redis. Data that is not ours
    // counts as lost.
    public static bool Is(Exception exception) =>
        exception is OperationCanceledException or TimeoutException or RedisException or RedisCommandException
        or ObjectDisposedException or BrokenCircuitException or InvalidDataException
        or AggregateException { InnerException: RedisException or TimeoutException };

    /// <summary>
    /// Whether Redis cannot serve: it does not respond, or refuses calls whatever they are about. Only these open the
    /// circuit; an error about one call (a wrong argument, another type, a missing right) does not.
    /// </summary>
    public static bool IsOutage(Exception exception) =>
        Is(exception) && exception is not (InvalidDataException or RedisCommandException)
        && (Reply(exception) is not { } reply || KindOf(reply) is var kind && Outages().IsMatch(kind));

    /// <summary>WRONGTYPE: Redis is healthy; the key holds another type, so it is not an entry of ours.</summary>
    public static bool IsOtherType(Exception exception) =>
        Reply(exception) is { } reply && reply.Contains("WRONGTYPE", StringComparison.Ordinal);

    /// <summary>
    /// The kind of an error reply, its first word, and its text; null: Redis did not reply. A reply of a script has its
    /// kind further back in Redis 6.
    /// </summary>
    public static (string Kind, string Text)? Refusal(Exception exception) =>
        Reply(exception) is { } reply ? (KindOf(reply), reply)
        : exception is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } connection
            ? ("NOAUTH", connection.Message)
        : null;

    public static bool IsNoPermission(string reply) => KindOf(reply) == NoPermission;

    private static string? Reply(Exception exception) =>
        (exception as RedisServerException ?? exception.InnerException as RedisServerException)?.Message;

    private static string KindOf(string reply)
    {
        if (reply.Contains(NoPermissionInScript, StringComparison.Ordinal))
            return NoPermission;
        var kind = reply.Split(' ', 2)[0];
        return kind == "ERR" && Kinds().Match(reply) is { Success: true } inner ? inner.Value : kind;
    }

    [GeneratedRegex(
        @"\b(OOM|READONLY|MISCONF|LOADING|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|BUSY|TRYAGAIN|NOPERM|NOAUTH|WRONGTYPE)\b")]
    private static partial Regex Kinds();

    [GeneratedRegex(
        "^(OOM|READONLY|MISCONF|LOADING|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|BUSY|TRYAGAIN|NOAUTH|WRONGPASS|UNKILLABLE)$")]
    private static partial Regex Outages();
}
