namespace ECommerce.ServiceDefaults.Resilience;

/// <summary>How outgoing HTTP calls survive a bad moment of the other side. Set per client with <c>ConfigureResilience</c>.</summary>
public sealed class HttpResilienceOptions
{
    /// <summary>Longest wait for the headers of one attempt; 10 s.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait over all attempts and pauses; 30 s.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Repetitions after the first attempt, of GET, HEAD and OPTIONS only; 3, 0 for none.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>Base of the exponential pause between attempts; 0.5 s. A Retry-After of the other side goes first.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Share of failed attempts that opens the circuit; 0.5.</summary>
    public double BreakRatio { get; set; } = 0.5;

    /// <summary>Attempts within <see cref="BreakWindow"/> before the share means anything; 20.</summary>
    public int BreakMinimum { get; set; } = 20;

    /// <summary>Time over which the share is taken; 30 s.</summary>
    public TimeSpan BreakWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open circuit refuses calls; 5 s.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}
