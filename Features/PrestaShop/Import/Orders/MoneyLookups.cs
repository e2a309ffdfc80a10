namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>What the amounts of all orders refer to: currencies, taxes and the codes of cart rules.</summary>
internal sealed class MoneyLookups
{
    private static readonly decimal[] ItalianRates = [22m, 10m, 5m, 4m, 0m];

    private const int UsualDigits = 2;
    private const int MostDigits = 3;
    private static readonly string[] ThreeDigits = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    private readonly Dictionary<long, string> _currencies = [];
    private readonly Dictionary<long, int> _digits = [];
    private readonly Dictionary<long, decimal> _taxes = [];
    private readonly Dictionary<long, string?> _codes = [];

    private MoneyLookups()
    {
    }

    /// <summary>The rates that a line can have: the shop's own, and the Italian ones.</summary>
    public IReadOnlyCollection<decimal> KnownRates { get; private set; } = ItalianRates;

    public static async Task<MoneyLookups> ReadAsync(OptionalResources shop, CancellationToken ct)
    {
        var lookups = new MoneyLookups();
        foreach (var row in await shop.AllAsync("currencies", ct))
        {
            if (row.Text("iso_code", 8) is not { Length: 3 } code)
                continue;
            lookups._currencies[row.Id] = code.ToUpperInvariant();
            var most = ThreeDigits.Contains(code.ToUpperInvariant()) ? MostDigits : UsualDigits;
            // Versions before 1.7.6 have no precision.
            lookups._digits[row.Id] = (int)Math.Clamp(row.Long("precision") ?? most, most, MostDigits);
        }
        foreach (var row in await shop.AllAsync("taxes", ct))
            lookups._taxes[row.Id] = row.Number("rate");
        lookups.KnownRates = [.. lookups._taxes.Values.Concat(ItalianRates).Distinct()];
        return lookups;
    }

    /// <summary>Null where the shop does not know it.</summary>
    public string? Currency(long? id) => id is { } known ? _currencies.GetValueOrDefault(known) : null;

    /// <summary>How many digits its amounts have: two or three.</summary>
    public int Digits(long? currency) =>
        currency is { } known ? _digits.GetValueOrDefault(known, UsualDigits) : UsualDigits;

    public decimal? TaxRate(long id) => _taxes.TryGetValue(id, out var rate) ? rate : null;

    /// <summary>The code of a cart rule; null for none and for a rule that was deleted.</summary>
    public string? Code(long? cartRule) => cartRule is { } id ? _codes.GetValueOrDefault(id) : null;

    /// <summary>Reads the codes of the rules that were not read before.</summary>
    public async Task ReadCodesAsync(OptionalResources shop, IEnumerable<long> cartRules, CancellationToken ct)
    {
        long[] wanted = [.. cartRules.Distinct().Where(id => !_codes.ContainsKey(id))];
        await foreach (var page in shop.ByIdsAsync("cart_rules", wanted, ct))
        {
            foreach (var row in page)
                _codes[row.Id] = row.Text("code", 254);
        }
        // Deleted ones are not asked for again.
        foreach (var id in wanted)
            _codes.TryAdd(id, null);
    }
}
