using ECommerce.Features.PrestaShop.Import.Orders;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>A whole run: what of a shop is read, and in which order.</summary>
internal sealed class ShopImport(SyncSession session)
{
    public async Task RunAsync(CancellationToken ct)
    {
        var memory = new SyncMemory(session);
        session.Shop.Rejected = session.Reject;
        var watermarks = await memory.WatermarksAsync(ct);
        var configuration = await ShopConfiguration.ReadAsync(session.Shop, ct);
        if (!session.Shop.HasOwnZone && ShopClock.Find(configuration.TimeZone) is { } clock)
            session.Shop.Clock = clock;
        await memory.SaveZoneAsync(configuration.TimeZone, ct);
        var started = session.Shop.Clock.ToLocal(session.Shop.Now);

        session.Phase = "taxes";
        var rates = await VatRates.ReadAsync(session.Shop, configuration.Country, ct);
        EntityImport[] imports =
        [
            new ProductsImport(session, rates),
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
            try
            {
                await import.RunAsync(await memory.RejectedAsync(import.Resource, ct), ct);
                await memory.CompleteAsync(import, started, ct);
            }
            catch (PrestaShopException refusal) when (refusal.IsRefusal && import is CombinationsImport)
            {
                session.Warn(import.Resource, 0, $"Products are imported without. {refusal.Message}");
            }
            if (import is CombinationsImport)
                await new StockImport(session).RunAsync(ct);
        }
        if (session.IsIncremental)
            return;
        // Orders first: a customer without orders is deleted, one with orders is only marked.
        foreach (var import in imports.Reverse().Where(import => import.IsComplete))
            await new MissingRows(session, import).MarkAsync(ct);
    }
}
