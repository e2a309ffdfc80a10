namespace ECommerce.Caching;

/// <summary>The calls that a circuit breaker allows; the numbers are those of the metric.</summary>
public enum CircuitState
{
    /// <summary>All calls.</summary>
    Closed = 0,

    /// <summary>One probe, whose outcome closes or opens the circuit.</summary>
    HalfOpen = 1,

    /// <summary>None.</summary>
    Open = 2,
}
