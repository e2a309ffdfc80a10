using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ECommerce.Features.PrestaShop.Schedule;

/// <summary>
/// The time between two scheduled syncs of a shop that has no interval of its own: <c>SYNC_INTERVAL</c> in seconds, by
/// default 300; 0 schedules none.
/// </summary>
internal sealed class SyncInterval
{
    public const int MaxSeconds = 86_400;

    private const string SettingName = "SYNC_INTERVAL";
    private const int DefaultSeconds = 300;

    /// <exception cref="InvalidOperationException">The setting is no whole number from 0 to 86,400.</exception>
    public SyncInterval(IConfiguration configuration)
    {
        if (configuration[SettingName] is not { Length: > 0 } text)
        {
            Seconds = DefaultSeconds;
            return;
        }
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > MaxSeconds)
        {
            throw new InvalidOperationException(
                $"{SettingName}: '{text}' is no number of seconds from 0 (no scheduled syncs) to {MaxSeconds}.");
        }
        Seconds = seconds;
    }

    public int Seconds { get; }
}
