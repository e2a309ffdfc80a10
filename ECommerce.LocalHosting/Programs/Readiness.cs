using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Programs;

internal static class Readiness
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <summary>Asks until the program answers, ends, or takes too long.</summary>
    public static async Task WaitAsync(ResourceInstance instance, ManagedProcess process,
        Func<ResourceInstance, CancellationToken, Task<string?>> findProblem, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(longest);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        string? problem = null;
        try
        {
            while ((problem = await findProblem(instance, either.Token).ConfigureAwait(false)) is not null)
            {
                if (process.Exited.IsCompleted)
                {
                    throw new DistributedApplicationException(
                        $"It ended with code {await process.Exited.ConfigureAwait(false)} before it was ready; see its console log.");
                }

                await Task.Delay(Pause, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException($"It was not ready within {longest.TotalSeconds:0} s: {problem}");
        }
    }
}
