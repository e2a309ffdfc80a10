using System.Net;

namespace ECommerce.Api.Tests.EndToEnd;

public sealed class InvoiceSendingTests(TwoReplicas system) : IClassFixture<TwoReplicas>
{
    [Fact]
    public async Task Invoice_is_sent_to_the_provider_of_the_AppHost_and_shown_by_the_other_replica()
    {
        using var first = system.Replica(0);
        using var second = system.Replica(1);
        await first.PutJsonAsync("/api/v1/config/fatturapa.api_key", new { value = "DEMOFATTURAPAKEY0001" });
        var invoice = await first.InvoiceAsync();
        var path = $"/api/v1/invoices/{invoice["id"]}";
        using (await second.HitAsync(path)) { }

        using var sent = await first.CallAsync(HttpMethod.Post, $"{path}/send");

        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        Assert.NotEqual("generated", (string?)(await second.GetJsonAsync(path))["state"]);
    }
}
