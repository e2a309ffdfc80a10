namespace ECommerce.Features.Common.Caching;

/// <summary>
/// The tags by which entries of one feature depend on rows of another, so that no feature has to refer to another's
/// folder. Each equals what the owning feature's policy makes; a test compares them.
/// </summary>
internal static class Tags
{
    public static string Customer(Tenant tenant, long id) => $"customer:{tenant}:{id}";

    /// <summary>Carried by lists that show customers' names.</summary>
    public static string AnyCustomer(Tenant tenant) => $"customers:any:{tenant}";

    /// <summary>Carried by lists of addresses, and by what shows addresses.</summary>
    public static string AnyAddress(Tenant tenant) => $"addresses:any:{tenant}";

    /// <summary>Carried by lists of orders, and by figures over them.</summary>
    public static string AnyOrder(Tenant tenant) => $"orders:any:{tenant}";

    /// <summary>Carried by lists of products.</summary>
    public static string AnyProduct(Tenant tenant) => $"products:any:{tenant}";

    public static string Customers(Tenant tenant) => $"customers:list:{tenant}:*";

    public static string Order(Tenant tenant, long id) => $"order:{tenant}:{id}";

    public static string Orders(Tenant tenant) => $"orders:list:{tenant}:*";

    public static string UserOrders(Tenant tenant) => $"user_orders:{tenant}:*";

    public static string OrderHistory(Tenant tenant, long id) => $"orders:history:{tenant}:{id}";

    public static string Address(Tenant tenant, long id) => $"address:{tenant}:{id}";

    public static string Addresses(Tenant tenant) => $"addresses:list:{tenant}:*";

    public static string Quote(Tenant tenant, long id) => $"quote:{tenant}:{id}";

    /// <summary>Carried by lists of quotes.</summary>
    public static string AnyQuote(Tenant tenant) => $"quotes:any:{tenant}";

    public static string Invoice(Tenant tenant, long id) => $"invoice:{tenant}:{id}";

    /// <summary>Carried by lists of invoices.</summary>
    public static string AnyInvoice(Tenant tenant) => $"invoices:any:{tenant}";

    /// <summary>What is known of an invoice by its IdentificativoSdI, which must be one.</summary>
    public static string PoolInvoice(Tenant tenant, string sdiId) => $"fatturapa:inv:{tenant}:{sdiId}:meta";

    public static string Pool(Tenant tenant) => $"fatturapa:pool:{tenant}:*";

    public static string Product(Tenant tenant, long id) => $"product:{tenant}:{id}";

    public static string Products(Tenant tenant) => $"products:list:{tenant}:*";

    public static string OrderStates(Tenant tenant) => $"order_states:{tenant}";

    public static string Carriers(Tenant tenant) => $"carriers:{tenant}";

    public static string Categories(Tenant tenant) => $"categories:{tenant}";

    public static string Brands(Tenant tenant) => $"brands:{tenant}";

    public static string Langs(Tenant tenant) => $"langs:{tenant}";

    public static string Shops(Tenant tenant) => $"shops:{tenant}";

    public static string Countries(Tenant tenant) => $"countries:{tenant}";

    public static string Setting(Tenant tenant, string name) => $"config:{tenant}:{name}";

    public static string Settings(Tenant tenant) => $"config:{tenant}:all";

    public static string Statistics(Tenant tenant) => $"statistics:{tenant}:*";
}
