using ECommerce.Api.Tests.PrestaShop.Sync;

namespace ECommerce.Api.Tests.PersonalData;

public sealed class ErasedCustomerSyncTests(ApiFixture fixture)
{
    [Fact]
    public async Task A_synchronisation_does_not_bring_the_data_of_an_erased_customer_back()
    {
        await using var shop = await SyncedShop.StartAsync(fixture);
        await shop.SucceedAsync();
        var path = $"/api/v1/customers/{(await shop.RowAsync("customers", 3))!["id"]}";
        await shop.Client.PostJsonAsync($"{path}/erase");
        var addresses = await shop.Client.TextAsync($"{path}/addresses");
        await shop.ChangeAsync("customers", 3, ("company", "Di nuovo"), ("lastname", "Rossi"));
        await shop.ChangeAsync("customers", 4, ("company", "Nuova"));
        foreach (var address in Enumerable.Range(1, 12))
            await shop.ChangeAsync("addresses", address, ("city", "Torino"));

        await shop.SucceedAsync();

        var read = await shop.Client.GetJsonAsync(path);
        Assert.Equal(("erased", "erased"), ((string?)read["firstname"], (string?)read["lastname"]));
        Assert.Null(read["company"]);
        Assert.Equal(addresses, await shop.Client.TextAsync($"{path}/addresses"));
        Assert.Equal("Nuova", (string?)(await shop.RowAsync("customers", 4))!["company"]);
    }
}
