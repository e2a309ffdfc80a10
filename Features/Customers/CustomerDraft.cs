using ECommerce.Features.Data.Entities;
using FluentValidation;

namespace ECommerce.Features.Customers;

/// <summary>All fields of a customer that a client writes, for creating and for replacing one.</summary>
public sealed record CustomerDraft(
    string Firstname, string Lastname, string Email, string? Company, string? Website, bool Newsletter, bool Optin,
    bool IsGuest, bool? Active,
    int? LangId, string? Notes);

internal sealed class CustomerDraftValidator : AbstractValidator<CustomerDraft>
{
    public CustomerDraftValidator()
    {
        RuleFor(customer => customer.Firstname).NotEmpty().MaximumLength(255).PlainText();
        RuleFor(customer => customer.Lastname).NotEmpty().MaximumLength(255).PlainText();
        RuleFor(customer => customer.Email).NotEmpty().MaximumLength(255).EmailAddress().NoSpaces();
        RuleFor(customer => customer.Company).MaximumLength(255).PlainText();
        RuleFor(customer => customer.Website).MaximumLength(255).Website();
        RuleFor(customer => customer.Notes).MaximumLength(4000).Lines();
    }
}

internal static class CustomerDraftRow
{
    public static void WriteTo(this CustomerDraft draft, Customer customer, DateTime now)
    {
        customer.Firstname = draft.Firstname;
        customer.Lastname = draft.Lastname;
        customer.Email = draft.Email;
        customer.Company = draft.Company;
        customer.Website = draft.Website;
        customer.Newsletter = draft.Newsletter;
        customer.Optin = draft.Optin;
        customer.IsGuest = draft.IsGuest;
        customer.Active = draft.Active ?? true;
        customer.LangId = draft.LangId;
        customer.Notes = draft.Notes;
        customer.DateUpd = now;
    }
}
