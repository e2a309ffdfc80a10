using FluentValidation;

namespace ECommerce.Features.Shops;

/// <summary>Rules of the settings of a shop, for a new one and a change.</summary>
internal static class ShopRules
{
    private const int MinSyncInterval = 10;
    private const int MaxSyncInterval = 86_400;

    public static void ShopAuthMode<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(static mode => mode is null or ShopAuthModes.Basic or ShopAuthModes.QueryKey)
            .WithMessage($"must be {ShopAuthModes.Basic} or {ShopAuthModes.QueryKey}.");

    public static void ExecutionSeconds<T>(this IRuleBuilder<T, int?> rule) => rule.InclusiveBetween(1, 600);

    public static void TimeZone<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MaximumLength(64)
            .Must(static zone => zone is null || (zone.Contains('/', StringComparison.Ordinal) || zone == "UTC")
                && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            .WithMessage("must be a time zone of the IANA database, such as Europe/Rome.");

    public static void SyncInterval<T>(this IRuleBuilder<T, int?> rule) =>
        rule.Must(static seconds => seconds is null or 0 or >= MinSyncInterval and <= MaxSyncInterval)
            .WithMessage($"must be 0 (no scheduled syncs) or {MinSyncInterval} to {MaxSyncInterval} seconds.");
}
