namespace ECommerce.Features.Data.Overload;

/// <summary>
/// The load on the database is shed: no permit was free before the deadline. Nothing was read or written.
/// </summary>
/// <remarks>
/// A cancellation: the cache remembers the failure of a source for some seconds, and this one is over as soon as a
/// permit is free.
/// </remarks>
public sealed class DatabaseOverloadedException()
    : OperationCanceledException("All permits of the database are in use.")
{
    /// <summary>When a repetition is worth while; 1 s.</summary>
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);
}
