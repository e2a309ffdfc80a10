namespace ECommerce.Api.Tests.Soak;

internal enum Kind
{
    Product,
    Customer,
    Order,
}

/// <summary>
/// One row whose versions are followed. Its name contains its version, so that other rows that show the name can be
/// checked.
/// </summary>
internal sealed record Entity(Kind Kind, long Id)
{
    public const string NamePrefix = "Soak";

    public string Path => $"{ListOf(Kind)}/{Id}";

    public static string ListOf(Kind kind) => kind switch
    {
        Kind.Product => "/api/v1/products",
        Kind.Customer => "/api/v1/customers",
        _ => "/api/v1/orders",
    };

    public static string TableOf(Kind kind) => kind switch
    {
        Kind.Product => "products",
        Kind.Customer => "customers",
        _ => "orders",
    };

    /// <summary>The request that makes the next version of it.</summary>
    public (HttpMethod Method, string Path, object Body) Change(long version) => Kind switch
    {
        Kind.Product => (HttpMethod.Put, Path, Samples.Product($"{NamePrefix}{version}")),
        Kind.Customer => (HttpMethod.Put, Path, Samples.Customer($"{NamePrefix}{version}", $"soak{Id}@example.com")),
        _ => (HttpMethod.Patch, $"{Path}/status", new { state_id = 1 + (version % 5) }),
    };

    public override string ToString() => $"{Kind} {Id}";
}
