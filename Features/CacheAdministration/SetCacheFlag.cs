using ECommerce.Caching;
using ECommerce.Caching.Administration;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration;

/// <summary>A part of the cache is switched on or off on all nodes; null: as its variable sets it.</summary>
public sealed record CacheFlagChange(string Name, bool? IsOn);

internal sealed class CacheFlagChangeValidator : AbstractValidator<CacheFlagChange>
{
    public CacheFlagChangeValidator() => RuleFor(change => change.Name).NotEmpty().MaximumLength(64).PlainText();
}

internal sealed record ChangedCacheFlag(string Name, bool IsOn, bool IsSet, InvalidationOutcome Outcome);

internal static class SetCacheFlag
{
    public static async Task<Results<Ok<ChangedCacheFlag>, ProblemHttpResult>> Handle(
        CacheFlagChange change, CacheScope scope, ICacheFlags flags, CacheAudit audit, HttpContext http,
        CancellationToken ct)
    {
        if (!flags.All.Any(flag => flag.Name == change.Name))
        {
            return Problems.NotFound(
                "unknown_flag",
                $"There is no such flag; there are {string.Join(", ", flags.All.Select(flag => flag.Name))}.");
        }

        var state = change.IsOn switch { true => "on", false => "off", null => "default" };
        var done = await audit.RunAsync(
            scope, CacheAction.Flag, $"{change.Name}={state}", tag: null,
            async () => new CacheRemoval(
                await flags.SetAsync(change.Name, change.IsOn, CancellationToken.None), 0), ct);
        CachePatterns.MarkIfDeferred(http, done.Outcome);
        var flag = flags.All.Single(flag => flag.Name == change.Name);
        return TypedResults.Ok(new ChangedCacheFlag(flag.Name, flag.IsOn, flag.IsSet, done.Outcome));
    }
}
