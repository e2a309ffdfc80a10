using System.Data.Common;
using System.Net.Sockets;
using MySqlConnector;

namespace ECommerce.Features.Data;

/// <summary>What an error of the database or of its driver means.</summary>
public static class DatabaseErrors
{
    /// <summary>
    /// Shutdown, overload, a lost or refused connection, read-only server, lock wait time-out, deadlock, killed.
    /// </summary>
    private static readonly int[] Unavailable =
    [
        1040, 1042, 1043, 1047, 1053, 1077, 1129, 1152, 1158, 1159, 1160, 1161, 1203, 1205, 1213, 1226, 1290, 1317,
        1836, 1927, 1969,
        2002, 2003, 2006, 2013, (int)MySqlErrorCode.CommandTimeoutExpired,
    ];

    /// <summary>
    /// Errors with which the server refuses a COMMIT or the INSERT before it: the transaction is not committed.
    /// </summary>
    private static readonly int[] NotCommitted = [1205, 1213, 1290, 1406, 1836];

    public static bool IsDuplicate(Exception exception) => Code(exception) == (int)MySqlErrorCode.DuplicateKeyEntry;

    /// <summary>
    /// Whether a statement of a migration has been executed before: its column or index exists, or what it drops does
    /// not.
    /// </summary>
    public static bool IsAlreadyMigrated(Exception exception) =>
        Code(exception) is (int)MySqlErrorCode.DuplicateFieldName or (int)MySqlErrorCode.DuplicateKeyName
            or (int)MySqlErrorCode.CannotDropFieldOrKey;

    /// <summary>The server has undone the whole transaction in favour of another one.</summary>
    internal static bool IsDeadlock(Exception exception) => Code(exception) == (int)MySqlErrorCode.LockDeadlock;

    /// <summary>A value that its column cannot hold: out of range, too long, of another kind, or NULL.</summary>
    internal static bool IsUnstorable(Exception exception) => Code(exception)
        is 1048 or 1264 or 1265 or 1292 or 1366 or 1406 or 1411 or 1690;

    /// <summary>The server's own words.</summary>
    internal static string MessageOf(Exception exception) =>
        exception is MySqlException ? exception.Message : exception.InnerException?.Message ?? exception.Message;

    /// <summary>The user of the connection lacks a right.</summary>
    internal static bool IsDenied(Exception exception) => Code(exception)
        is (int)MySqlErrorCode.DatabaseAccessDenied or (int)MySqlErrorCode.TableAccessDenied
            or (int)MySqlErrorCode.ColumnAccessDenied;

    public static bool IsNoSuchTable(Exception exception) => Code(exception) == (int)MySqlErrorCode.NoSuchTable;

    /// <summary>Whether the same request may well succeed a little later.</summary>
    public static bool IsUnavailable(Exception? exception) => exception switch
    {
        null => false,
        MySqlException server when Unavailable.Contains(server.Number) => true,
        // The connection broke between two statements, or in the middle of one.
        MySqlProtocolException or ObjectDisposedException { Source: "MySqlConnector" } => true,
        InvalidOperationException { Source: "MySqlConnector" } driver => IsBroken(driver),
        IOException or SocketException or TimeoutException or DatabaseOverloadedException => true,
        AggregateException several => several.InnerExceptions.Any(IsUnavailable),
        _ => IsUnavailable(exception.InnerException),
    };

    /// <summary>Whether the database or its driver raised it: background work goes on and tries again.</summary>
    internal static bool IsDriverError(Exception exception) => exception is DbException || IsUnavailable(exception);

    /// <summary>
    /// Whether a COMMIT that failed like this may have been executed all the same: there was no response, or one that
    /// does not exclude it.
    /// </summary>
    internal static bool IsOutcomeUnknown(Exception exception) => !NotCommitted.Contains(Code(exception));

    // The driver uses this type for wrong calls too; those are defects and stay 500.
    private static bool IsBroken(InvalidOperationException exception) =>
        exception.Message.Contains("current state is", StringComparison.Ordinal) ||
        exception.Message.StartsWith("ServerSession is not connected", StringComparison.Ordinal) ||
        exception.Message.StartsWith("Expected state to be", StringComparison.Ordinal);

    // 0 where there was no response from the server. EF Core wraps the driver's exception.
    private static int Code(Exception exception) => exception switch
    {
        MySqlException server => server.Number,
        { InnerException: MySqlException server } => server.Number,
        _ => 0,
    };
}
