using ECommerce.Features.Common.Settings;

namespace ECommerce.Features.ShopAccess;

/// <summary>
/// A column of values that <see cref="SecretProtector"/> has encrypted, in a table with the columns <c>id</c> and
/// <c>tenant_id</c>. The names are constants of this program.
/// </summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
/// <param name="Purpose">What a value is bound to: its tenant, and the name of its row if there is one.</param>
internal sealed record ProtectedColumn(string Table, string Column, Func<Tenant, string, string> Purpose)
{
    /// <summary>The column with the name of a row; null: values are bound to their tenant only.</summary>
    public string? NameColumn { get; init; }

    public static IReadOnlyList<ProtectedColumn> All { get; } = [ShopSecrets.ApiKeys, TenantSettings.Secrets];
}
