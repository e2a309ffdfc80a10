namespace ECommerce.Features.PrestaShop.Push;

/// <summary>
/// A push that this node has leased, with the token of the lease. Origin ids are the shop's. IsUnknown: there was an
/// attempt whose outcome is unknown; SeenHistoryId is the last row of the shop's history before it.
/// </summary>
internal sealed record PushJob(
    long Id, string Token, Tenant Tenant, long OrderId, int ShopId, long OrderOriginId, long StateOriginId,
    int Refusals, int Deferrals, long? SeenHistoryId, bool IsUnknown, TimeSpan MaxExecution)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    /// <summary>How long a response is waited for: no longer than the shop works at it.</summary>
    public TimeSpan Timeout => MaxExecution < LongestWait ? MaxExecution : LongestWait;
}
