namespace ECommerce.Caching.Diagnostics;

/// <summary>
/// Switches off correctness mechanisms, so that a test can prove that it finds the fault. No setting reaches it.
/// </summary>
/// <param name="NoFence">A value is stamped when it is stored and not before it is read.</param>
/// <param name="NoLease">Memory is served with full lifetimes whether or not messages arrive.</param>
/// <param name="NoGeneration">Another Redis, or one that lost writes, is taken for the one before.</param>
internal sealed record FaultInjection(bool NoFence = false, bool NoLease = false, bool NoGeneration = false)
{
    /// <summary>Applies to caches created from now on. Default: none.</summary>
    public static FaultInjection Present { get; set; } = new();
}
