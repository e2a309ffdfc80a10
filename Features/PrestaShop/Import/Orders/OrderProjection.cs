using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>The rows of a page of orders as they are stored, with the local ids of what they refer to.</summary>
internal sealed class OrderProjection
{
    private readonly SyncSession _session;
    private readonly MoneyLookups _lookups;
    private readonly OrderParts _parts;

    private OrderProjection(SyncSession session, MoneyLookups lookups, OrderParts parts) =>
        (_session, _lookups, _parts) = (session, lookups, parts);

    public required IReadOnlyDictionary<long, Placeholders.Found> Customers { get; init; }

    public required IReadOnlyDictionary<long, Placeholders.Found> States { get; init; }

    public required IReadOnlyDictionary<long, long> Addresses { get; init; }

    public required IReadOnlyDictionary<long, long> Carriers { get; init; }

    public required IReadOnlyDictionary<long, long> Languages { get; init; }

    public required IReadOnlyDictionary<long, long> Products { get; init; }

    /// <summary>Customers whose personal data were erased here: texts of their orders do not come back.</summary>
    public required IReadOnlySet<long> Erased { get; init; }

    public static async Task<OrderProjection> CreateAsync(
        WriteTransaction tx, SyncSession session, MoneyLookups lookups, OrderParts parts, IReadOnlyList<ShopRow> page,
        CancellationToken ct)
    {
        var (tenant, shop) = (session.Tenant, session.ShopId);
        var products = page.SelectMany(order => order.Association("order_rows").Concat(parts.Details[order.Id]))
            .Select(line => line.Reference("product_id"));
        return new OrderProjection(session, lookups, parts)
        {
            Customers = await Placeholders.CustomersAsync(
                tx, tenant, shop, page.Select(order => order.Long("id_customer") ?? 0), ct),
            States = await Placeholders.StatesAsync(
                tx, tenant, shop, page.Select(order => order.Long("current_state") ?? 0), ct),
            Addresses = await IdsAsync("addresses", page.SelectMany(
                order => new[] { order.Reference("id_address_delivery"), order.Reference("id_address_invoice") })),
            Carriers = await IdsAsync("carriers", page.Select(order => order.Reference("id_carrier")).Concat(
                page.SelectMany(order => parts.Shipments[order.Id]).Select(row => row.Reference("id_carrier")))),
            Languages = await IdsAsync("langs", page.Select(order => order.Reference("id_lang"))),
            Products = await IdsAsync("products", products),
            Erased = await tx.ErasedCustomersAsync(
                tenant, shop, page.Select(order => order.Reference("id_customer")).OfType<long>(), ct),
        };

        Task<IReadOnlyDictionary<long, long>> IdsAsync(string table, IEnumerable<long?> origins) =>
            tx.LocalIdsAsync(table, tenant, shop, origins.OfType<long>(), ct);
    }

    /// <summary>The values in the order of the columns of the import.</summary>
    public (ImportRow Row, ImportedOrder Parts) Project(ShopRow order)
    {
        var warnings = new OrderWarnings();
        var digits = _lookups.Digits(order.Reference("id_currency"));
        var rounding = new OrderRounding(Choice("round_type", 1, 3), Choice("round_mode", 0, 5), digits);
        var currency = Currency(order, warnings);
        var state = State(order, warnings);
        var customer = Customer(order, warnings);
        var delivery = Found(Addresses, "id_address_delivery", "address", "addresses");
        var invoice = Found(Addresses, "id_address_invoice", "address", "addresses");
        var carrier = Found(Carriers, "id_carrier", "carrier", "carriers");
        var reader = new OrderLineReader(_lookups, Products, _session.IsSkipped("products"), rounding, warnings);
        var lines = reader.Read(order, _parts.Details[order.Id]);
        var reference = order.Text("reference", 32) ?? $"{order.Id}";
        var isErased = order.Reference("id_customer") is { } owner && Erased.Contains(owner);
        var parts = new ImportedOrder(
            lines, OrderPartsReader.Discounts(_parts.CartRules[order.Id], _lookups),
            OrderPartsReader.Payments(_parts.Payments[reference], _lookups, currency),
            OrderPartsReader.Refunds(_parts.Slips[order.Id], digits, warnings),
            OrderPartsReader.Shipments(_parts.Shipments[order.Id], Carriers),
            isErased ? [] : OrderPartsReader.Messages(_parts.Messages[order.Id]));
        OrderCheck.Run(order, lines, rounding, warnings);
        if (warnings.Count > 0)
            _session.Warn("orders", order.Id, warnings.Text!);

        var row = new ImportRow(
            order.Id, customer, delivery, invoice, carrier,
            Languages.TryGetValue(order.Long("id_lang") ?? 0, out var lang) ? lang : null, state.Id,
            IsPaid(order, state), order.Flag("valid"), order.Int("id_shop"), reference, order.Text("payment", 255),
            order.Text("module", 64),
            currency, order.Number("conversion_rate") is > 0 and var rate ? rate : 1m, order.Number("carrier_tax_rate"),
            Money("total_products"), Money("total_products_wt"), Money("total_discounts_tax_incl"),
            Money("total_discounts_tax_excl"), Money("total_shipping_tax_incl"),
            Money("total_shipping_tax_excl"), Money("total_wrapping_tax_incl"),
            Money("total_wrapping_tax_excl"), Money("total_paid_tax_incl"),
            Money("total_paid_tax_excl"), Money("total_paid_real"), rounding.Type, rounding.Mode,
            order.Reference("invoice_number"), order.Time("invoice_date"), order.Reference("delivery_number"),
            order.Time("delivery_date"), order.Flag("gift"),
            isErased ? null : order.Text("gift_message", 2000), LocalDay.Of(order.RawTime("date_add")), false,
            warnings.Text,
            order.Time("date_add") ?? DateTime.UnixEpoch, order.Time("date_upd") ?? DateTime.UnixEpoch)
        {
            PartsHash = parts.Hash(),
        };
        return (row, parts);

        decimal Money(string field) => order.Money(field, digits);

        int Choice(string field, int least, int most) =>
            order.Long(field) is { } chosen && chosen >= least && chosen <= most ? (int)chosen : 2;

        long? Found(IReadOnlyDictionary<long, long> ids, string field, string what, string resource)
        {
            if (order.Reference(field) is not { } origin)
                return null;
            if (ids.TryGetValue(origin, out var id))
                return id;
            if (!_session.IsSkipped(resource))
                warnings.Add($"{what}_unknown", $"the shop has no {what} {origin} ({field}).");
            return null;
        }
    }

    private long Customer(ShopRow order, OrderWarnings warnings)
    {
        var customer = Customers[order.Long("id_customer") ?? 0];
        if (customer.IsPlaceholder && !_session.IsSkipped("customers"))
            warnings.Add("customer_unknown", $"the shop has no customer {customer.OriginId}.");
        return customer.Id;
    }

    private Placeholders.Found State(ShopRow order, OrderWarnings warnings)
    {
        var state = States[order.Long("current_state") ?? 0];
        if (state.IsPlaceholder && !_session.IsSkipped("order_states"))
            warnings.Add("state_unknown", $"the shop has no order state {state.OriginId}.");
        return state;
    }

    private string Currency(ShopRow order, OrderWarnings warnings)
    {
        if (_lookups.Currency(order.Reference("id_currency")) is { } known)
            return known;
        warnings.Add("currency_unknown", $"the shop has no currency {order.Long("id_currency") ?? 0}.");
        return CurrencyCodes.None;
    }

    // A state that is gone tells nothing; what was paid does.
    private static bool IsPaid(ShopRow order, Placeholders.Found state) => state.IsPlaceholder
        ? order.Money("total_paid_real") > 0 && order.Money("total_paid_real") >= order.Money("total_paid_tax_incl")
        : state.Paid;
}
