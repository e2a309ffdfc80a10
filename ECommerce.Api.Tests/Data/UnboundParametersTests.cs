using Dapper;
using ECommerce.ServiceDefaults.MySql;

namespace ECommerce.Api.Tests.Data;

/// <summary>The check that <see cref="ApiFixture"/> makes of all statements of the tests.</summary>
public sealed class UnboundParametersTests
{
    [Fact]
    public async Task Misspelt_parameter_is_found_among_all_statements_of_a_server()
    {
        await using var server = await LocalMySql.StartNewAsync(logsStatements: true);
        await using var source = new UtcMySqlDataSource(await server.CreateDatabaseAsync());
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.QueryAsync(
            "SELECT @name AS name, @@session.time_zone, `a@b` FROM (SELECT 1 AS `a@b`) t\n-- @comment",
            new { name = "it's me@example.com \" \\" });
        Assert.Empty(UnboundParameters.Find(server.StatementLog));

        var value = await connection.ExecuteScalarAsync<int?>("SELECT\n@nmae", new { name = 1 });

        Assert.Null(value);
        Assert.Equal("SELECT\n@nmae", Assert.Single(UnboundParameters.Find(server.StatementLog)));
    }
}
