namespace ECommerce.Benchmarks.Peers.Probes;

/// <summary>One scenario that every library runs.</summary>
/// <param name="Id">The row of the table.</param>
/// <param name="Scenario">What happens, and after the colon what is right.</param>
/// <param name="RunAsync">Runs the scenario and decides by what it observed.</param>
internal sealed record Probe(string Id, string Scenario, Func<ProbeRun, Task<Verdict>> RunAsync);

/// <summary>What a probe found.</summary>
/// <param name="IsRight">Null: the library has no such feature.</param>
/// <param name="Observed">The observation that decided.</param>
internal readonly record struct Verdict(bool? IsRight, string Observed)
{
    public static Verdict From(bool isRight, string observed) => new(isRight, observed);

    public static Verdict NoFeature(string reason) => new(null, reason);

    public override string ToString() => IsRight switch
    {
        true => $"right: {Observed}",
        false => $"**wrong**: {Observed}",
        null => $"- ({Observed})",
    };
}
