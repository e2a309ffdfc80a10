namespace ECommerce.Caching;

/// <summary>What a circuit breaker lets through; the numbers are those of the metric.</summary>
public enum CircuitState
{
    /// <summary>Everything.</summary>
    Closed = 0,

    /// <summary>One call, which tells how to go on.</summary>
    HalfOpen = 1,

    /// <summary>Nothing.</summary>
    Open = 2,
}
