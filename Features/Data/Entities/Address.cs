namespace ECommerce.Features.Data.Entities;

internal sealed class Address : Entity<long>
{
    public long CustomerId { get; set; }

    public int? CountryId { get; set; }

    public string? Alias { get; set; }

    public string? Company { get; set; }

    public string Firstname { get; set; } = "";

    public string Lastname { get; set; } = "";

    public string? VatNumber { get; set; }

    public string? Dni { get; set; }

    public string Address1 { get; set; } = "";

    public string? Address2 { get; set; }

    public string? Postcode { get; set; }

    public string City { get; set; } = "";

    public string? State { get; set; }

    public string? Phone { get; set; }

    public string? PhoneMobile { get; set; }

    public string? Pec { get; set; }

    public string? Sdi { get; set; }

    public string? Other { get; set; }

    public DateTime DateAdd { get; set; }

    public DateTime DateUpd { get; set; }

    public Country? Country { get; set; }
}
