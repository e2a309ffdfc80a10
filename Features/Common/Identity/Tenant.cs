using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Common.Identity;

/// <summary>The merchant whose data a request is about: from the validated token only, never from a header, a route or a query.</summary>
public readonly record struct Tenant(string Slug)
{
    internal const string Claim = "tenant";

    public override string ToString() => Slug;

    public static ValueTask<Tenant> BindAsync(HttpContext context) =>
        From(context) is { } tenant
            ? ValueTask.FromResult(tenant)
            : throw new InvalidOperationException("A route that reads the tenant needs a policy that demands one.");

    internal static Tenant? From(HttpContext context) =>
        context.User.FindFirst(Claim)?.Value is { Length: > 0 } slug ? new Tenant(slug) : null;
}
