using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Fuzz;

/// <summary>
/// Compares an accepted body with the row as it is read back. What is documented to be changed is: percentages are
/// rounded to three digits and weights to six, an address of a shop has no slash at its end, missing members have their
/// defaults.
/// </summary>
internal sealed class SentAndStored(KnownRows rows)
{
    // What a member is stored as when it is missing or null. What is not named here is stored as null.
    private static readonly Dictionary<string, string> Defaults = new()
    {
        ["newsletter"] = "false",
        ["optin"] = "false",
        ["is_guest"] = "false",
        ["is_paid"] = "false",
        ["is_invoice_requested"] = "false",
        ["active"] = "true",
        ["is_active"] = "true",
        ["is_free"] = "false",
        ["paid"] = "false",
        ["shipped"] = "false",
        ["invoice"] = "false",
        ["logable"] = "false",
        ["delivery"] = "false",
        ["vat_rate"] = "22",
        ["carrier_tax_rate"] = "22",
        ["wholesale_price"] = "0",
        ["weight"] = "0",
        ["quantity"] = "0",
        ["total_discounts"] = "0",
        ["total_shipping"] = "0",
        ["reduction_percent"] = "0",
        ["auth_mode"] = "\"basic\"",
        ["max_execution_seconds"] = "60",
    };

    private static readonly string[] SeveralLines = ["notes", "note", "description_short", "other"];

    /// <summary>The members that differ, or that hold control characters; none if all is as it was sent.</summary>
    public IEnumerable<string> Differences(string schema, JsonObject sent, JsonNode stored)
    {
        foreach (var (name, value) in ByName(sent))
        {
            // The key of a shop is never returned, and the note of a change of status is one of its history.
            if (name == "api_key" || name == "note" && schema == "StatusChange")
                continue;
            if (name == "lines")
            {
                foreach (var difference in LineDifferences(value!.AsArray(), stored["lines"]!.AsArray()))
                    yield return difference;
            }
            else if (!name.StartsWith("unknown_", StringComparison.Ordinal) && !IsStored(name, value, stored[name]))
            {
                yield return $"{schema}.{name}: sent {value?.ToJsonString()}, stored {stored[name]?.ToJsonString()}";
            }
        }
    }

    private IEnumerable<string> LineDifferences(JsonArray sent, JsonArray stored)
    {
        if (sent.Count != stored.Count)
            return [$"lines: sent {sent.Count}, stored {stored.Count}"];
        return sent.Zip(stored).SelectMany(pair =>
        {
            var line = ByName(pair.First!.AsObject());
            var product = line.GetValueOrDefault("product_id") is { } id ? rows.Find("products", (long)id) : null;
            // A line takes from its product what it does not name itself.
            foreach (var (own, of) in new[]
            {
                ("product_name", "name"), ("product_reference", "reference"), ("unit_price_tax_excl", "price"),
                ("vat_rate", "vat_rate"),
            })
            {
                if (product is not null && line.GetValueOrDefault(own) is null)
                    line[own] = product[of];
            }
            return line.Where(member => !member.Key.StartsWith("unknown_", StringComparison.Ordinal)
                    && !IsStored(member.Key, member.Value, pair.Second![member.Key]))
                .Select(member => $"line {member.Key}: sent {member.Value?.ToJsonString()}, "
                    + $"stored {pair.Second![member.Key]?.ToJsonString()}");
        });
    }

    private static bool IsStored(string name, JsonNode? sent, JsonNode? stored)
    {
        if (sent is null)
        {
            return name == "reference" || (Defaults.TryGetValue(name, out var value)
                ? stored?.ToJsonString() is { } text && IsEqual(name, JsonNode.Parse(value)!, JsonNode.Parse(text))
                : stored is null);
        }
        return IsEqual(name, sent, stored);
    }

    private static bool IsEqual(string name, JsonNode sent, JsonNode? stored)
    {
        if (stored is null || sent.GetValueKind() != stored.GetValueKind())
            return false;
        if (sent.GetValueKind() == JsonValueKind.Number)
            return Rounded(name, sent) == Rounded(name, stored);
        if (sent.GetValueKind() != JsonValueKind.String)
            return sent.ToJsonString() == stored.ToJsonString();
        var text = sent.GetValue<string>();
        if (text.Any(c => char.IsControl(c) && !(c is '\r' or '\n' or '\t' && SeveralLines.Contains(name))))
            return false;
        return stored.GetValue<string>() == (name == "base_url" ? text.TrimEnd('/') : text);
    }

    private static decimal Rounded(string name, JsonNode number)
    {
        var value = decimal.Parse(number.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
        return name switch
        {
            "vat_rate" or "carrier_tax_rate" or "reduction_percent" => Round(3),
            "weight" => Round(6),
            _ => value,
        };

        decimal Round(int digits) => Math.Round(value, digits, MidpointRounding.AwayFromZero);
    }

    // Names are read whatever their case; of two the last counts.
    private static Dictionary<string, JsonNode?> ByName(JsonObject body)
    {
        var members = new Dictionary<string, JsonNode?>();
        foreach (var (name, value) in body)
            members[name.ToLowerInvariant()] = value;
        return members;
    }
}
