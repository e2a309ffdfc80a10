namespace ECommerce.Features.Sales.Documents;

/// <summary>The kinds of documents that have numbers.</summary>
internal static class DocumentKinds
{
    public const string Quote = "quote";

    /// <summary>Invoices and credit notes: one series for both.</summary>
    public const string Invoice = "invoice";
}

/// <summary>A number, and the moment that belongs to it.</summary>
/// <param name="Year">The year of the day.</param>
/// <param name="Number">Consecutive in the year, from 1 or from the first number that the tenant has set.</param>
/// <param name="Moment">UTC.</param>
/// <param name="Day">The day of the moment in the zone of the shop.</param>
internal sealed record DocumentNumber(int Year, int Number, DateTime Moment, DateOnly Day)
{
    /// <summary>As it is shown: <c>15/2026</c>.</summary>
    public string Reference => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Number}/{Year}");
}

/// <summary>
/// Numbers of documents, a series for each tenant, kind and year of the shop's zone. A series has no gaps, and its
/// moments never go back, whatever replicas, clocks and rollbacks do.
/// </summary>
internal sealed class DocumentNumbers(TimeProvider time, ShopTimeZone zone)
{
    private const string LockRow = """
        SELECT last_number, last_at
        FROM document_numbers
        WHERE tenant_id = @tenant AND kind = @kind AND year = @year
        FOR UPDATE
        """;

    // The first document of a year. One transaction at a time adds the row: several INSERTs that wait for one another
    // are a deadlock as soon as the first of them is rolled back.
    private const string LockTenant = "SELECT slug FROM tenants WHERE slug = @tenant FOR UPDATE";

    private const string AddRow = """
        INSERT INTO document_numbers (tenant_id, kind, year, last_number, last_at)
        VALUES (@tenant, @kind, @year, @last, @now)
        """;

    private const string Store = """
        UPDATE document_numbers SET last_number = @number, last_at = @moment
        WHERE tenant_id = @tenant AND kind = @kind AND year = @year
        """;

    /// <summary>
    /// Takes the next number. To be called last, after every check: from here to the end of the transaction no other
    /// document of the series gets one. A rollback returns the number.
    /// </summary>
    /// <param name="tx">The transaction of the document.</param>
    /// <param name="kind">One of <see cref="DocumentKinds"/>.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="first">Called for the first document of a year: its number; null: 1.</param>
    public async Task<DocumentNumber> TakeAsync(
        WriteTransaction tx, string kind, CancellationToken ct, Func<int, Task<int>>? first = null)
    {
        var tenant = tx.Db.Tenant;
        var now = Now();
        while (true)
        {
            var year = zone.DayOf(now).Year;
            var last = await LockAsync(tx, kind, year, now, first, ct);
            // Again: the wait for the row may have been long, even over New Year, and another clock may be ahead.
            now = Now();
            var moment = now > last.LastAt ? now : last.LastAt;
            var day = zone.DayOf(moment);
            if (day.Year != year)
                continue;
            var number = last.LastNumber + 1;
            await tx.ExecuteAsync(Store, new { tenant, kind, year, number, moment }, ct);
            return new DocumentNumber(year, number, moment, day);
        }
    }

    private static async Task<Last> LockAsync(
        WriteTransaction tx, string kind, int year, DateTime now, Func<int, Task<int>>? first, CancellationToken ct)
    {
        var series = new { tenant = tx.Db.Tenant, kind, year };
        if (await tx.SingleOrDefaultAsync<Last>(LockRow, series, ct) is { } last)
            return last;
        await tx.ScalarAsync<string>(LockTenant, new { tenant = tx.Db.Tenant }, ct);
        if (await tx.SingleOrDefaultAsync<Last>(LockRow, series, ct) is { } added)
            return added;
        var before = first is null ? 0 : await first(year) - 1;
        await tx.ExecuteAsync(AddRow, new { tenant = tx.Db.Tenant, kind, year, last = before, now }, ct);
        return new Last(before, now);
    }

    // As precise as the columns: what is stored is neither rounded up nor down.
    private DateTime Now()
    {
        var now = time.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private sealed record Last(int LastNumber, DateTime LastAt);
}
