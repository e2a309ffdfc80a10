namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>The API key of a shop in requests, and out of messages.</summary>
internal sealed class ShopKey(string apiKey, ShopAuthMode mode)
{
    public ShopAuthMode Mode => mode;

    /// <summary>Adds what every request has: the format of the response, and the key if it is in the query.</summary>
    public void AddTo(IDictionary<string, string> query)
    {
        query["output_format"] = "JSON";
        if (mode == ShopAuthMode.QueryKey)
            query["ws_key"] = apiKey;
    }

    public string Redact(string text) => text
        .Replace(apiKey, "***", StringComparison.Ordinal)
        .Replace(Uri.EscapeDataString(apiKey), "***", StringComparison.Ordinal);
}
