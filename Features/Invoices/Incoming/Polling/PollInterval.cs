using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.Invoices.Incoming.Polling;

/// <summary>
/// The time between two looks into the pool of a tenant: <c>FATTURAPA_POLL_INTERVAL</c> in seconds, by default 300; 0:
/// pools are not polled.
/// </summary>
internal sealed record PollInterval(int Seconds)
{
    public const string Name = "FATTURAPA_POLL_INTERVAL";

    private const int MaxSeconds = 86_400;
    private const int DefaultSeconds = 300;

    /// <exception cref="OptionsValidationException">It is no whole number from 0 to 86,400.</exception>
    public static PollInterval Read(IConfiguration configuration)
    {
        if (configuration[Name] is not { Length: > 0 } text)
            return new PollInterval(DefaultSeconds);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= MaxSeconds
            ? new PollInterval(seconds)
            : throw new OptionsValidationException(
                Name, typeof(PollInterval),
                [$"{Name}: '{text}' is no number of seconds from 0 (pools are not polled) to {MaxSeconds}."]);
    }
}
