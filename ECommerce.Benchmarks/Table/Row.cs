using System.Globalization;

namespace ECommerce.Benchmarks.Table;

/// <summary>One row of the table: what was measured on both sides, and the ratio that has to be reached.</summary>
internal sealed record Row(
    string Case,
    double MustReach,
    double Reached,
    string Ours,
    string Reference,
    string Bytes = "",
    bool AtLeast = false)
{
    /// <summary>The target of rows that only explain others.</summary>
    public const double NoTarget = double.NaN;

    // The target is 0 bytes; a few bytes come from sampling.
    public bool AllocatesTooMuch { get; init; }

    public bool Holds => !AllocatesTooMuch
        && (double.IsNaN(MustReach) || (AtLeast ? Reached >= MustReach : Reached <= MustReach));

    public static string Head =>
        "| | case | must reach | reached | ours | reference | B/op |\n|---|---|---|---|---|---|---|";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {(Holds ? "ok" : "MISS")} | {Case} | {Target} | {Reached:0.00} | {Ours} | {Reference} | {Bytes} |");

    public static string Nanoseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ns");

    public static string Microseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0} us");

    public static string PerSecond(double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value:0} requests/s");

    private string Target => double.IsNaN(MustReach)
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{(AtLeast ? ">=" : "<=")} {MustReach:0.##}");
}
