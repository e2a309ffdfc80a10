using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;

namespace ECommerce.Features.Data;

/// <summary>What an error of the database means. By the server's codes, because the driver's own types are not known here.</summary>
public static class DatabaseErrors
{
    private const int DuplicateEntry = 1062;
    private const int NoSuchTable = 1146;

    /// <summary>Shutting down, too many connections, connection refused or lost, read-only, lock wait timeout, deadlock, killed.</summary>
    private static readonly int[] Away = [1040, 1042, 1043, 1047, 1053, 1077, 1129, 1152, 1158, 1159, 1160, 1161, 1205, 1213, 1290, 1317, 1927, 2002, 2003, 2006, 2013];

    public static bool IsDuplicate(DbException exception) => Code(exception) == DuplicateEntry;

    public static bool IsNoSuchTable(DbException exception) => Code(exception) == NoSuchTable;

    /// <summary>Whether the same request may well succeed a little later.</summary>
    public static bool IsUnavailable(Exception? exception) => exception switch
    {
        null => false,
        DbException database when Away.Contains(Code(database)) => true,
        // No connection came free in the pool in time: the driver has no code for it.
        DbException { InnerException: null } database when database.Message.StartsWith("error connecting", StringComparison.OrdinalIgnoreCase) => true,
        // The connection broke between two statements.
        InvalidOperationException { Source: "MySql.Data" } => true,
        IOException or SocketException or TimeoutException => true,
        AggregateException several => several.InnerExceptions.Any(IsUnavailable),
        _ => IsUnavailable(exception.InnerException),
    };

    // 0 where the server has not said anything.
    private static int Code(DbException exception) =>
        Convert.ToInt32(exception.Data["Server Error Code"] ?? 0, CultureInfo.InvariantCulture);
}
