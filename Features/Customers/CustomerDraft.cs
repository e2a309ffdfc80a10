using Dapper;
using FluentValidation;

namespace ECommerce.Features.Customers;

/// <summary>What a client says about a customer: all of it, when it creates one and when it changes one.</summary>
public sealed record CustomerDraft(
    string Firstname, string Lastname, string Email, string? Company, string? Website, bool Newsletter, bool Optin, bool IsGuest, bool? Active,
    int? LangId, string? Notes);

internal sealed class CustomerDraftValidator : AbstractValidator<CustomerDraft>
{
    public CustomerDraftValidator()
    {
        RuleFor(customer => customer.Firstname).NotEmpty().MaximumLength(255);
        RuleFor(customer => customer.Lastname).NotEmpty().MaximumLength(255);
        RuleFor(customer => customer.Email).NotEmpty().MaximumLength(255).EmailAddress();
        RuleFor(customer => customer.Company).MaximumLength(255);
        RuleFor(customer => customer.Website).MaximumLength(255);
        RuleFor(customer => customer.Notes).MaximumLength(4000);
    }
}

internal static class CustomerDraftSql
{
    public static DynamicParameters Row(this CustomerDraft customer, Tenant tenant, TimeProvider time)
    {
        var row = new DynamicParameters(new { tenant, now = time.GetUtcNow().UtcDateTime });
        row.AddDynamicParams(customer with { Active = customer.Active ?? true });
        return row;
    }
}
