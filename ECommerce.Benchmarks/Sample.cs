using System.ComponentModel;
using System.Globalization;

namespace ECommerce.Benchmarks;

/// <summary>A small immutable value, as the features cache them; the attribute declares that to HybridCache.</summary>
[ImmutableObject(true)]
internal sealed record Sample(long Id, string Name, decimal Price, string? Text = null)
{
    /// <summary>About a kilobyte as JSON.</summary>
    public static Sample OneKilobyte(long id) =>
        new(id, "Lampada da tavolo", 89.90m, string.Concat(Enumerable.Range(0, 70).Select(i => $"parola {i:000} ")));
}

/// <summary>
/// 1024 keys of 38 characters. A second set has the same texts in other instances, because callers build their keys.
/// </summary>
internal static class SampleKeys
{
    public const int Count = 1024;
    public const int Mask = Count - 1;
    public const string Tenant = "benchmark";

    public static string[] Create() => [.. Enumerable.Range(0, Count).Select(Create)];

    public static string Create(int id) => Node.Product.Key(Tenant, Id(id));

    public static string Id(int id) => id.ToString("D20", CultureInfo.InvariantCulture);
}
