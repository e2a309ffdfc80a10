namespace ECommerce.Features.Common.Identity;

/// <summary>The roles as the customer names them.</summary>
public static class Roles
{
    public const string Admin = "ADMIN";
    public const string User = "USER";
    public const string Orders = "ORDINI";
    public const string Quotes = "PREVENTIVI";
    public const string Invoices = "FATTURAZIONE";
    public const string SuperAdmin = "SUPERADMIN";

    public static IReadOnlySet<string> All { get; } =
        new HashSet<string>([Admin, User, Orders, Quotes, Invoices, SuperAdmin], StringComparer.Ordinal);
}
