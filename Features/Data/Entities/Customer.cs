namespace ECommerce.Features.Data.Entities;

internal sealed class Customer : Entity<long>
{
    public string Firstname { get; set; } = "";

    public string Lastname { get; set; } = "";

    public string Email { get; set; } = "";

    public string? Company { get; set; }

    public string? Website { get; set; }

    public bool Newsletter { get; set; }

    public bool Optin { get; set; }

    public bool IsGuest { get; set; }

    public bool Active { get; set; }

    /// <summary>The shop no longer has this customer, who is kept for its orders.</summary>
    public bool GoneInShop { get; set; }

    /// <summary>The name of the default group in the shop.</summary>
    public string? CustomerGroup { get; set; }

    public int? LangId { get; set; }

    public string? Notes { get; set; }

    /// <summary>When its personal data were erased; null: they were not.</summary>
    public DateTime? ErasedAt { get; set; }

    public DateTime DateAdd { get; set; }

    public DateTime DateUpd { get; set; }
}
