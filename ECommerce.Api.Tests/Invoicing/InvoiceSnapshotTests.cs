using System.Net;
using Dapper;
using MySqlConnector;

namespace ECommerce.Api.Tests.Invoicing;

/// <summary>An invoice is read by several statements, and shows one state of the database.</summary>
public sealed class InvoiceSnapshotTests(ApiFixture fixture)
{
    [Fact]
    public async Task Notification_that_comes_between_the_statements_is_shown_with_its_state_or_not_at_all()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var api = new ApiFactory(database, fixture.Redis.ConnectionString);
        await api.StartAsync();
        var admin = api.With(fixture.TokenOf("acme.admin"));
        var id = (long)(await admin.InvoiceAsync())["id"]!;
        await using var blocking = new MySqlConnection(database);
        await using var writing = new MySqlConnection(database);
        // Open for as long as the lock is to be held.
        await blocking.OpenAsync(TestContext.Current.CancellationToken);
        // With its foreign key the lock would be one of the invoices, too.
        await blocking.ExecuteAsync(
            """
            ALTER TABLE invoice_notifications DROP FOREIGN KEY fk_invoice_notifications_invoice;
            LOCK TABLES invoice_notifications WRITE
            """);

        // Its first statements are over when it waits for the last one.
        var read = admin.GetAnyAsync($"/api/v1/invoices/{id}");
        await Eventually.TrueAsync(
            async () => await writing.ExecuteScalarAsync<int>(
                """
                SELECT COUNT(*) FROM information_schema.PROCESSLIST
                WHERE db = DATABASE() AND state LIKE 'Waiting for table metadata lock%'
                """) > 0,
            "the read waits for the notifications");
        await writing.ExecuteAsync("UPDATE invoices SET state = 'delivered', sdi_id = '1' WHERE id = @id", new { id });
        await blocking.ExecuteAsync(
            """
            INSERT INTO invoice_notifications (tenant_id, invoice_id, kind, sdi_id, file_name, received_at)
            VALUES ('acme', @id, 'RC', '1', 'IT01234567897_00001.xml', UTC_TIMESTAMP(6))
            """,
            new { id });
        await blocking.ExecuteAsync("UNLOCK TABLES");

        using var response = await read;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var invoice = await response.JsonAsync();
        Assert.Equal(
            ("generated", 0), ((string)invoice["state"]!, invoice["notifications"]!.AsArray().Count));
    }
}
