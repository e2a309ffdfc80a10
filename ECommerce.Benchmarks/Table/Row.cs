using System.Globalization;

namespace ECommerce.Benchmarks.Table;

/// <summary>One row of the table: what was measured on both sides, and the ratio it must keep.</summary>
internal sealed record Row(string Case, double MustReach, double Reached, string Ours, string Reference, string Bytes = "", bool AtLeast = false)
{
    // Nobody can allocate less than nothing, and a few bytes are what is sampled.
    public bool AllocatesTooMuch { get; init; }

    public bool Holds => (AtLeast ? Reached >= MustReach : Reached <= MustReach) && !AllocatesTooMuch;

    public static string Head => "| | case | must reach | reached | ours | reference | B/op |\n|---|---|---|---|---|---|---|";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"| {(Holds ? "ok" : "MISS")} | {Case} | {(AtLeast ? ">=" : "<=")} {MustReach:0.##} | {Reached:0.00} | {Ours} | {Reference} | {Bytes} |");

    public static string Nanoseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ns");

    public static string Microseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0} us");
}
