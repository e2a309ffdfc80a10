using ECommerce.Caching;
using ECommerce.Caching.Administration;
using ECommerce.Caching.Inspection;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration;

/// <summary>
/// What is invalidated: an entity with all that shows it, what belongs to a user, or a tag. The tenant is the caller's;
/// a SUPERADMIN names it, unless the tag does.
/// </summary>
public sealed record CacheInvalidation(string? Tenant, string? Entity, long? Id, int? UserId, string? Tag);

internal sealed class CacheInvalidationValidator : AbstractValidator<CacheInvalidation>
{
    public CacheInvalidationValidator()
    {
        RuleFor(one => one.Tenant).Must(static slug => slug is null || Tenant.IsCanonical(slug))
            .WithMessage("must be the name of a tenant.");
        RuleFor(one => one.Entity).Must(static entity => entity is null || InvalidateCache.Entities.Contains(entity))
            .WithMessage($"must be one of: {string.Join(", ", InvalidateCache.Entities)}.");
        RuleFor(one => one.Id).GreaterThan(0);
        RuleFor(one => one.UserId).GreaterThan(0);
        RuleFor(one => one.Tag).MaximumLength(CachePatterns.MaxLength).NoSpaces();
        RuleFor(one => one.Tag).Must(static (one, tag) => Kinds(one) == 1)
            .WithMessage("Either entity and id, or user_id, or tag is required.");
    }

    private static int Kinds(CacheInvalidation one) =>
        (one is { Entity: not null, Id: not null } ? 1 : one.Entity is not null || one.Id is not null ? 2 : 0)
        + (one.UserId is not null ? 1 : 0) + (string.IsNullOrEmpty(one.Tag) ? 0 : 1);
}

internal sealed record InvalidatedTag(string Tag, InvalidationOutcome Outcome);

internal static class InvalidateCache
{
    /// <summary>What has a key of its own: <c>order</c> of <c>order:{tenant}:{id}</c>.</summary>
    public static IReadOnlyList<string> Entities { get; } =
    [
        .. FeatureRegistration.CachePolicies.Select(static policy => policy.Pattern.Split(':'))
            .Where(static parts => parts is [_, "{tenant}", "{id}"]).Select(static parts => parts[0])
            .Order(StringComparer.Ordinal),
    ];

    public static async Task<Results<Ok<InvalidatedTag>, ProblemHttpResult>> Handle(
        CacheInvalidation invalidation, CacheScope scope, ICacheInspector inspector, ICacheInvalidator invalidator,
        CacheAudit audit, HttpContext http, CancellationToken ct)
    {
        if (scope.Tenant is { } own && invalidation.Tenant is { } named && named != own)
            return CachePatterns.OfAnotherTenant(scope);
        if (TagOf(invalidation, scope.Tenant ?? invalidation.Tenant) is not { } tag)
            return Problems.Invalid("tenant", "The tenant is required: a SUPERADMIN has none.");
        if (inspector.TenantOf(tag) is not { } tenant)
        {
            return Problems.Invalid(
                "tag", "No policy has such a tag; patterns are removed by DELETE /api/v1/cache?pattern=.");
        }
        if (tenant != (scope.Tenant ?? invalidation.Tenant ?? tenant))
        {
            return scope.Tenant is null
                ? Problems.Invalid("tenant", "The tag is another tenant's.")
                : CachePatterns.OfAnotherTenant(scope);
        }

        var done = await audit.RunAsync(
            scope, CacheAction.Invalidate, tag, tag,
            async () => new CacheRemoval(await invalidator.InvalidateAsync([tag], CancellationToken.None), 1), ct);
        CachePatterns.MarkIfDeferred(http, done.Outcome);
        return TypedResults.Ok(new InvalidatedTag(tag, done.Outcome));
    }

    /// <summary>Null: the tenant is needed, and not given.</summary>
    internal static string? TagOf(CacheInvalidation invalidation, string? tenant) => invalidation switch
    {
        { Tag: { Length: > 0 } tag } => tag,
        _ when tenant is null => null,
        { UserId: { } user } => CacheTags.User(tenant, user),
        _ => CacheTags.Entity(invalidation.Entity!, tenant, invalidation.Id!.Value),
    };
}
