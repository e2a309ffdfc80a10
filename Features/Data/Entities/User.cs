namespace ECommerce.Features.Data.Entities;

/// <summary>An account, as far as responses show it. Accounts are written by SQL.</summary>
internal sealed class User
{
    public int Id { get; set; }

    /// <summary>Null for the SUPERADMIN.</summary>
    public string? TenantId { get; set; }

    public string Username { get; set; } = "";

    public bool IsActive { get; set; }
}
