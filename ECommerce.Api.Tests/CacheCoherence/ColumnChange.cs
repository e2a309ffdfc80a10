using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>
/// Gives one column of a row another value, through the change tracker and in a write transaction that names no tag.
/// </summary>
internal sealed class ColumnChange
{
    private const string Referenced = """
        SELECT referenced_table_name
        FROM information_schema.KEY_COLUMN_USAGE
        WHERE table_schema = DATABASE() AND table_name = @table AND column_name = @column
          AND referenced_table_name IS NOT NULL
          AND referenced_column_name = 'id'
        LIMIT 1
        """;

    private readonly IProperty _property;

    private ColumnChange(IProperty property) => _property = property;

    public Type Entity => _property.DeclaringType.ClrType;

    private string Name => $"{_property.DeclaringType.GetTableName()}.{_property.GetColumnName()}";

    /// <summary>
    /// The columns of an entity: all but its key and the version, which every change moves; its deletion is the last
    /// one.
    /// </summary>
    public static IEnumerable<ColumnChange> Of(IEntityType entity) =>
        entity.GetProperties()
            .Where(property => !property.IsPrimaryKey() && property.Name != nameof(IVersionedRow.RowVersion))
            // The last column is the deletion, and then its end, so that other rows can go on showing this one.
            .SelectMany(property => Enumerable.Repeat(new ColumnChange(property), IsDeletion(property) ? 2 : 1))
            .OrderBy(change => IsDeletion(change._property));

    private static bool IsDeletion(IProperty property) => property.Name == nameof(IDeletableRow.DeletedAt);

    /// <summary>Returns what was changed; null if the column can have one value only.</summary>
    public async Task<string?> ApplyAsync(long id, Func<Task<WriteTransaction>> begin, CancellationToken ct)
    {
        var value = await WriteAsync(id, begin, ct);
        return value is null ? null : $"after {Name} was changed to '{value}'";
    }

    private async Task<string?> WriteAsync(long id, Func<Task<WriteTransaction>> begin, CancellationToken ct)
    {
        await using var tx = await begin();
        var method = typeof(ColumnChange).GetMethod(
            nameof(FindAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;
        var row = await (Task<object>)method.MakeGenericMethod(Entity).Invoke(null, [tx.Db, id, ct])!;
        var entry = tx.Db.Entry(row).Property(_property.Name);
        var (exists, value) = await OtherAsync(tx, entry.CurrentValue);
        if (!exists)
            return null;
        entry.CurrentValue = value;
        await tx.CommitAsync(ct);
        return $"{value ?? "null"}";
    }

    private static async Task<object> FindAsync<TRow>(ECommerceDbContext db, long id, CancellationToken ct)
        where TRow : class, ITenantRow
    {
        var rows = db.Rows<TRow>();
        rows = typeof(TRow).IsAssignableTo(typeof(TenantRow<long>))
            ? rows.Where(row => EF.Property<long>(row, "Id") == id)
            : rows.Where(row => EF.Property<int>(row, "Id") == (int)id);
        return await rows.ForUpdate().SingleAsync(ct);
    }

    private async Task<(bool Exists, object? Value)> OtherAsync(WriteTransaction tx, object? value)
    {
        if (IsDeletion(_property))
            return (true, value is null ? DateTime.UtcNow : null);
        var column = new { table = _property.DeclaringType.GetTableName(), column = _property.GetColumnName() };
        if (await tx.ScalarAsync<string?>(Referenced, column, CancellationToken.None) is { } table)
        {
            var other = await tx.ScalarAsync<long?>(
                $"SELECT MAX(id) FROM {table} WHERE tenant_id = 'acme' AND id <> @value", new { value = value ?? 0 },
                CancellationToken.None);
            if (other is { } id)
            {
                return (
                    true, Convert.ChangeType(
                        id, Nullable.GetUnderlyingType(_property.ClrType) ?? _property.ClrType, null));
            }

            return (_property.IsNullable && value is not null, null);
        }
        return (true, (value, Nullable.GetUnderlyingType(_property.ClrType) ?? _property.ClrType) switch
        {
            (string text, _) => text.Length > 1 ? $"{text[1..]}{text[0]}x"[..Math.Max(2, text.Length)] : "xy",
            (bool flag, _) => !flag,
            (int number, _) => number + 1,
            (long number, _) => number + 1,
            (decimal number, _) => number + 1,
            (DateTime time, _) => time.AddDays(-1),
            (DateOnly day, _) => day.AddDays(-1),
            // As long as it was: a hash has a fixed length.
            (byte[] and [.. var first, var last], _) => (byte[])[.. first, (byte)(last ^ 1)],
            (null, var type) when type == typeof(string) => "xy",
            (null, var type) when type == typeof(DateTime) => DateTime.UtcNow,
            (null, var type) when type == typeof(DateOnly) => DateOnly.FromDateTime(DateTime.UtcNow),
            (null, var type) when type == typeof(byte[]) => new byte[16],
            (null, var type) => Convert.ChangeType(1, type, null),
            var (other, _) => throw new NotSupportedException($"{Name} is a {other!.GetType()}."),
        });
    }
}
