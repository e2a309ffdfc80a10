using System.Data.Common;

namespace ECommerce.Features.Data.Overload;

/// <summary>
/// The sessions of requests, opened under the permits of the gate. EF Core opens connections itself;
/// <see cref="CommandGuard"/> takes their permits.
/// </summary>
internal sealed class GatedDataSource(DbDataSource inner, DatabaseGate gate) : DbDataSource
{
    public override string ConnectionString => inner.ConnectionString;

    protected override DbConnection CreateDbConnection() => inner.CreateConnection();

    protected override DbConnection OpenDbConnection() =>
        throw new NotSupportedException("Open sessions with OpenConnectionAsync.");

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(
        CancellationToken cancellationToken = default)
    {
        var connection = inner.CreateConnection();
        try
        {
            await gate.OpenAsync(connection, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
