namespace ECommerce.Features.ShopAccess;

/// <summary>
/// A column of values that <see cref="SecretProtector"/> has encrypted, in a table with the columns <c>id</c> and
/// <c>tenant_id</c>. The names are constants of this program.
/// </summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
/// <param name="Purpose">What a tenant's values are bound to.</param>
internal sealed record ProtectedColumn(string Table, string Column, Func<Tenant, string> Purpose)
{
    public static IReadOnlyList<ProtectedColumn> All { get; } = [ShopSecrets.ApiKeys];
}
