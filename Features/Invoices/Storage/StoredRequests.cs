using System.Text.Json;
using System.Text.Json.Serialization;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Storage;

/// <summary>
/// What documents were made from, as it was then: an order, a customer and settings may be changed afterwards, and a
/// credit note takes back what was invoiced.
/// </summary>
internal static class StoredRequests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Default)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(InvoiceRequest request) => JsonSerializer.Serialize(request, Options);

    /// <exception cref="JsonException">The text is no stored request.</exception>
    public static InvoiceRequest Read(string text) => JsonSerializer.Deserialize<InvoiceRequest>(text, Options)
        ?? throw new JsonException("There is no request.");
}
