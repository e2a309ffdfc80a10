using System.Data.Common;
using MySql.Data.MySqlClient;

namespace ECommerce.ServiceDefaults.MySql;

internal static class MySqlConnectionDefaults
{
    /// <summary>The connection string with our defaults for what it does not say.</summary>
    public static string Apply(string connectionString)
    {
        var complete = new MySqlConnectionStringBuilder
        {
            ConnectionTimeout = 5,
            // A server allows 151 connections: three replicas and an operator's client fit.
            MaximumPoolSize = 40,
            CharacterSet = "utf8mb4",
        };

        // Key by key, so that every spelling the driver knows ("Max Pool Size", "maxpoolsize") replaces the default.
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        foreach (string key in given.Keys) complete[key] = given[key];
        return complete.ConnectionString;
    }
}
