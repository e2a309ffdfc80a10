using System.Net;

namespace ECommerce.Api.Tests.Lookups;

public sealed class LookupsTests(ApiFixture fixture)
{
    [Theory]
    [InlineData("order_states", "In attesa")]
    [InlineData("categories", "Illuminazione")]
    [InlineData("brands", "Lumen")]
    [InlineData("carriers", "Ritiro in sede")]
    [InlineData("countries", "Italia")]
    [InlineData("langs", "Italiano")]
    public async Task A_lookup_is_read_whole_and_row_by_row(string name, string first)
    {
        var user = fixture.As("acme.user");

        var whole = await user.GetJsonAsync($"/api/v1/{name}?limit=1&page=7");
        var row = await user.GetJsonAsync($"/api/v1/{name}/1");

        Assert.True((int)whole["total"]! > 1);
        Assert.Equal((int)whole["total"]!, whole["items"]!.AsArray().Count);
        Assert.Equal(first, (string?)whole["items"]![0]!["name"]);
        Assert.Equal(whole["items"]![0]!.ToJsonString(), row.ToJsonString());
        using var foreign = await user.GetAnyAsync($"/api/v1/{name}/101");
        await foreign.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        using var letters = await user.GetAnyAsync($"/api/v1/{name}/abc");
        await letters.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Every_tenant_has_a_waiting_state_and_one_of_being_taken_in_charge()
    {
        foreach (var user in new[] { "acme.user", "globex.admin" })
        {
            // Its own: other tests import those of shops.
            var states = (await fixture.As(user).GetJsonAsync("/api/v1/order_states"))["items"]!.AsArray()
                .Where(state => state!["shop_id"] is null).ToArray();

            Assert.Equal("In attesa", (string?)states.Single(state => (int?)state!["number"] == 1)!["name"]);
            Assert.Equal(
                "Pagato / preso in carico", (string?)states.Single(state => (int?)state!["number"] == 2)!["name"]);
        }
    }
}
