using System.Globalization;

namespace ECommerce.Caching.SingleFlight;

/// <summary>The factory of a run has not ended by its deadline. Callers try a successor before they see it.</summary>
internal sealed class RunOverdueException(string key, TimeSpan deadline)
    : TimeoutException(string.Create(
        CultureInfo.InvariantCulture,
        $"The factory of the cached value '{key}' has not ended within {deadline.TotalSeconds:0.###} s."));
