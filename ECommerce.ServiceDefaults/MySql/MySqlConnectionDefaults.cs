using System.Data.Common;
using MySqlConnector;

namespace ECommerce.ServiceDefaults.MySql;

internal static class MySqlConnectionDefaults
{
    /// <summary>The connection string, completed with the defaults of this system.</summary>
    public static string Apply(string connectionString)
    {
        var complete = new MySqlConnectionStringBuilder
        {
            ConnectionTimeout = 5,
            // A server allows 151 connections: three replicas and an operator's client fit.
            MaximumPoolSize = 40,
            CharacterSet = "utf8mb4",
            // Saves two round trips. No session state outlives its use: every transaction is committed or rolled back.
            ConnectionReset = false,
        };

        // Key by key, so that every spelling the driver knows ("Max Pool Size", "maxpoolsize") replaces the default.
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        foreach (string key in given.Keys)
            complete[key] = given[key];

        // Required: columns hold UTC, and EF Core's provider needs user variables and counts of found rows.
        complete.DateTimeKind = MySqlDateTimeKind.Utc;
        complete.AllowUserVariables = true;
        complete.UseAffectedRows = false;
        return complete.ConnectionString;
    }
}
