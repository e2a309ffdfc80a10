namespace ECommerce.Caching.Diagnostics;

/// <summary>
/// Switches off what keeps the cache right, so that a test can show that it would find the fault. No setting leads here.
/// </summary>
/// <param name="NoFence">A value is stamped when it is stored and not before it is read.</param>
/// <param name="NoLease">Memory is served with full lifetimes whether or not the node hears the others.</param>
/// <param name="NoGeneration">Another Redis, or one that lost writes, is taken for the one before.</param>
internal sealed record FaultInjection(bool NoFence = false, bool NoLease = false, bool NoGeneration = false)
{
    /// <summary>What caches take that are made from now on. Default: none.</summary>
    public static FaultInjection Present { get; set; } = new();
}
