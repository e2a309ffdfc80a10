namespace ECommerce.Caching.Coherence;

/// <summary>One that nothing announces: the nodes learn of it after the commit.</summary>
internal sealed class UnannouncedInvalidation(ICacheInvalidator invalidator, IReadOnlyCollection<string> tags)
    : IAnnouncedInvalidation
{
    public Task<InvalidationOutcome> Completion { get; private set; } = Task.FromResult(InvalidationOutcome.Deferred);

    public async ValueTask<InvalidationOutcome> CompleteAsync()
    {
        Completion = invalidator.InvalidateAsync(tags, CancellationToken.None).AsTask();
        return await Completion.ConfigureAwait(false);
    }

    public void Cancel()
    {
        // Nothing was announced.
    }
}
