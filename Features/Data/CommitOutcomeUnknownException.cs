namespace ECommerce.Features.Data;

/// <summary>
/// The connection was lost while the server executed COMMIT: the write may have happened or not. Its tags are
/// invalidated either way.
/// </summary>
public sealed class CommitOutcomeUnknownException(bool isRepeatable, Exception innerException)
    : Exception("The server did not respond to COMMIT.", innerException)
{
    /// <summary>
    /// Whether the request carried an Idempotency-Key: its repetition returns the outcome and never writes twice.
    /// </summary>
    public bool IsRepeatable { get; } = isRepeatable;
}
