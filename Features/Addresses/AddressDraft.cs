using ECommerce.Features.Data.Entities;
using FluentValidation;

namespace ECommerce.Features.Addresses;

/// <summary>
/// All fields of an address that a client writes, for creating and for replacing one. <c>state</c> is the province;
/// <c>dni</c> the fiscal code; <c>pec</c> and <c>sdi</c> are where electronic invoices are delivered.
/// </summary>
public sealed record AddressDraft(
    long CustomerId, int CountryId, string? Alias, string? Company, string Firstname, string Lastname,
    string? VatNumber, string? Dni, string Address1, string? Address2, string? Postcode, string City, string? State,
    string? Phone, string? PhoneMobile, string? Pec, string? Sdi, string? Other);

internal sealed class AddressDraftValidator : AbstractValidator<AddressDraft>
{
    public AddressDraftValidator()
    {
        RuleFor(address => address.CustomerId).GreaterThan(0);
        RuleFor(address => address.CountryId).GreaterThan(0);
        RuleFor(address => address.Alias).MaximumLength(64).PlainText();
        RuleFor(address => address.Company).MaximumLength(255).PlainText();
        RuleFor(address => address.Firstname).NotEmpty().MaximumLength(255).PlainText();
        RuleFor(address => address.Lastname).NotEmpty().MaximumLength(255).PlainText();
        RuleFor(address => address.VatNumber).MaximumLength(32).NoSpaces();
        RuleFor(address => address.Dni).MaximumLength(32).NoSpaces();
        RuleFor(address => address.Address1).NotEmpty().MaximumLength(255).PlainText();
        RuleFor(address => address.Address2).MaximumLength(255).PlainText();
        RuleFor(address => address.Postcode).MaximumLength(16).PlainText();
        RuleFor(address => address.City).NotEmpty().MaximumLength(128).PlainText();
        RuleFor(address => address.State).MaximumLength(64).PlainText();
        RuleFor(address => address.Phone).MaximumLength(32).PlainText();
        RuleFor(address => address.PhoneMobile).MaximumLength(32).PlainText();
        RuleFor(address => address.Pec).MaximumLength(255).EmailAddress().NoSpaces();
        RuleFor(address => address.Sdi).Matches(@"^[A-Z0-9]{6,7}\z")
            .WithMessage("must be the six or seven capital letters and digits of a recipient.");
        RuleFor(address => address.Other).MaximumLength(512).Lines();
    }
}

internal static class AddressDraftRow
{
    public static void WriteTo(this AddressDraft draft, Address address, DateTime now)
    {
        address.CustomerId = draft.CustomerId;
        address.CountryId = draft.CountryId;
        address.Alias = draft.Alias;
        address.Company = draft.Company;
        address.Firstname = draft.Firstname;
        address.Lastname = draft.Lastname;
        address.VatNumber = draft.VatNumber;
        address.Dni = draft.Dni;
        address.Address1 = draft.Address1;
        address.Address2 = draft.Address2;
        address.Postcode = draft.Postcode;
        address.City = draft.City;
        address.State = draft.State;
        address.Phone = draft.Phone;
        address.PhoneMobile = draft.PhoneMobile;
        address.Pec = draft.Pec;
        address.Sdi = draft.Sdi;
        address.Other = draft.Other;
        address.DateUpd = now;
    }
}
