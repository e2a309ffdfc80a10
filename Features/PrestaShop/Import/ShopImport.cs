using ECommerce.Features.PrestaShop.Import.Orders;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>
/// A whole run: what of a shop is read, and in which order. A resource that the key may not read is left out with a
/// warning, and the run goes on.
/// </summary>
internal sealed class ShopImport(SyncSession session)
{
    private readonly SyncMemory _memory = new(session);

    public async Task RunAsync(CancellationToken ct)
    {
        session.Shop.Rejected = session.Reject;
        var configuration = await ShopConfiguration.ReadAsync(session.Shop, ct);
        if (!session.Shop.HasOwnZone && ShopClock.Find(configuration.TimeZone) is { } clock)
            session.Shop.Clock = clock;
        await _memory.SaveAsync(configuration, ct);
        var watermarks = await _memory.WatermarksAsync(ct);
        var started = session.Shop.Clock.ToLocal(session.Shop.Now);

        EntityImport[] imports =
        [
            .. await RatesAsync(configuration, ct) is { } rates ? [new ProductsImport(session, rates)] : NoProducts,
            new CombinationsImport(session),
            new CustomersImport(session),
            new AddressesImport(session),
            new OrdersImport(session),
        ];
        session.Phase = "counting";
        foreach (var import in imports)
        {
            import.Since(watermarks.GetValueOrDefault(import.Resource), started);
            session.Expect(await session.Shop.CountAsync(import.Resource, import.Filter, ct));
            await session.SaveProgressAsync(ct);
        }
        await new LookupsImport(session, configuration).RunAsync(ct);
        foreach (var import in imports)
        {
            await ImportAsync(import, started, ct);
            if (import is CombinationsImport)
                await StockAsync(ct);
        }
        await _memory.CompleteZoneAsync(ct);
        if (session.IsIncremental)
            return;
        // Orders first: a customer without orders is deleted, one with orders is only marked.
        foreach (var import in imports.Reverse().Where(import => import.IsComplete))
            await new MissingRows(session, import).MarkAsync(ct);
    }

    private static EntityImport[] NoProducts => [];

    // No rate is guessed: without the shop's taxes there are no products.
    private async Task<VatRates?> RatesAsync(ShopConfiguration configuration, CancellationToken ct)
    {
        session.Phase = "taxes";
        try
        {
            return await VatRates.ReadAsync(session.Shop, configuration.Country, ct);
        }
        catch (PrestaShopException refusal) when (refusal.IsMissingRight)
        {
            session.Skip("products", $"Their VAT rates are unknown, because of {refusal.Message}");
            return null;
        }
    }

    private async Task ImportAsync(EntityImport import, string started, CancellationToken ct)
    {
        if (import is AddressesImport && session.IsSkipped("customers"))
        {
            session.Skip(import.Resource, "Their customers are not imported");
            return;
        }
        try
        {
            await import.RunAsync(await _memory.RejectedAsync(import.Resource, ct), ct);
            await _memory.CompleteAsync(import, started, ct);
        }
        catch (PrestaShopException refusal) when (
            refusal.IsMissingRight || (refusal.IsRefusal && import is CombinationsImport))
        {
            session.Skip(import.Resource, refusal.Message);
        }
    }

    private async Task StockAsync(CancellationToken ct)
    {
        try
        {
            await new StockImport(session).RunAsync(ct);
        }
        catch (PrestaShopException refusal) when (refusal.IsMissingRight)
        {
            session.Skip(StockImport.Resource, refusal.Message);
        }
    }
}
