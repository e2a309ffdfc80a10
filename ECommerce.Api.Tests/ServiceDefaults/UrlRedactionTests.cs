using ECommerce.ServiceDefaults.Telemetry;

namespace ECommerce.Api.Tests.ServiceDefaults;

public class UrlRedactionTests
{
    [Theory]
    [InlineData(
        "https://api.fatturapa.com/ws/V10.svc/rest/Verify/abc", "https://api.fatturapa.com/ws/V10.svc/rest/Verify/*")]
    [InlineData("/ws/V10.svc/rest/UploadStop/k3y/file.xml", "/ws/V10.svc/rest/UploadStop/*/file.xml")]
    [InlineData("http://shop/api/orders?ws_key=ABC&display=full", "http://shop/api/orders")]
    [InlineData("http://user:pass@shop/api", "http://shop/api")]
    [InlineData("http://shop/DEMOKEYDEMOKEYDEMOKEYDEMOKEY1234/x", "http://shop/*/x")]
    [InlineData("https://blob/container/x?sig=s3cret#part", "https://blob/container/x")]
    public void Possible_secrets_are_redacted(string url, string expected) =>
        Assert.Equal(expected, UrlRedaction.Redact(url));

    [Theory]
    [InlineData("http://localhost:5000/api/v1/orders/123/history")]
    [InlineData("/api/stock_availables/77")]
    public void An_ordinary_address_stays(string url) => Assert.Equal(url, UrlRedaction.Redact(url));
}
