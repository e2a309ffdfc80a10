using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ECommerce.Features.Common.Http;

/// <summary>The JSON of the API: snake_case, times in UTC, amounts with at least two decimals.</summary>
public static class ApiJson
{
    public static void Configure(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new UtcConverter());
        options.Converters.Add(new AmountConverter());
    }

    private sealed class UtcConverter : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Iso8601.TryParse(reader.GetString()!, out var utc, out _)
                ? utc
                : throw new JsonException("An ISO 8601 time is expected.");

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Iso8601.Write(value));
    }

    private sealed class AmountConverter : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var amount)
                ? amount
                : throw new JsonException("A number is expected.");

        // Formatted as text: a decimal read from the database has the scale of its column (weights have six digits).
        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.ToString("0.00####", CultureInfo.InvariantCulture), skipInputValidation: true);
    }
}
