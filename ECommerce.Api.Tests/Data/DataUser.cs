using Dapper;
using ECommerce.ServiceDefaults.MySql;
using MySqlConnector;

namespace ECommerce.Api.Tests.Data;

/// <summary>A user of a database that reads and writes rows and cannot change tables, as replicas have one.</summary>
internal static class DataUser
{
    /// <param name="owner">The connection string of a user that may create users.</param>
    /// <returns>The connection string of the new user.</returns>
    public static async Task<string> CreateAsync(string owner)
    {
        var user = new MySqlConnectionStringBuilder(owner) { UserID = Samples.Unique("u"), Password = "tests-only" };
        await using var source = new UtcMySqlDataSource(owner);
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync($"""
            CREATE USER '{user.UserID}'@'localhost' IDENTIFIED BY '{user.Password}';
            GRANT SELECT, INSERT, UPDATE, DELETE ON {user.Database}.* TO '{user.UserID}'@'localhost'
            """);
        return user.ConnectionString;
    }
}
