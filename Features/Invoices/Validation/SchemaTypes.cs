using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ECommerce.Features.Invoices.Validation;

/// <summary>The types of values: a form, and what a form cannot show.</summary>
internal static class SchemaTypes
{
    private const string Basic = @"\u0000-\u007F";
    private const string Latin = @"\u0000-\u00FF";
    private const string Day = @"[0-9]{4}-[0-9]{2}-[0-9]{2}";
    private const string Zone = @"(Z|[+-][0-9]{2}:[0-9]{2})?";

    private static readonly FrozenDictionary<string, string> Forms = new Dictionary<string, string>
    {
        ["country"] = "[A-Z]{2}",
        ["currency"] = "[A-Z]{3}",
        ["recipient"] = "[A-Z0-9]{6,7}",
        ["taxcode"] = "[A-Z0-9]{11,16}",
        ["personcode"] = "[A-Z0-9]{16}",
        ["postcode"] = "[0-9]{5}",
        ["phone"] = $"[{Basic}]{{5,12}}",
        ["title"] = $"[{Basic}]{{2,10}}",
        ["eori"] = ".{13,17}",
        ["email"] = @"(?=.{7,256}\z)[!#-'*+/-9=?A-Z^-~-]+(\.[!#-'*+/-9=?A-Z^-~-]+)*@[^@\s]+[.]+[^@\s]+",
        ["regime"] = "RF(01|02|0[4-9]|1[0-9]|20)",
        ["kind"] = "TD(0[1-6]|1[6-9]|2[0-9])",
        ["nature"] = "N1|N2|N2[.][12]|N3|N3[.][1-6]|N4|N5|N6|N6[.][1-9]|N7",
        ["ritenuta"] = "RT0[1-6]",
        ["cassa"] = "TC(0[1-9]|1[0-9]|2[0-2])",
        ["payment"] = "MP(0[1-9]|1[0-9]|2[0-3])",
        ["amount2"] = "-?[0-9]{1,11}[.][0-9]{2}",
        ["amount8"] = "-?[0-9]{1,11}[.][0-9]{2,8}",
        ["quantity"] = "[0-9]{1,12}[.][0-9]{2,8}",
        ["rate"] = "[0-9]{1,3}[.][0-9]{2}",
        ["weight"] = "[0-9]{1,4}[.][0-9]{1,2}",
        ["line"] = "[0-9]{1,4}",
        ["phase"] = "[0-9]{1,3}",
        ["days"] = "[0-9]{1,3}",
        ["date"] = Day + Zone,
        ["invoicedate"] = Day + Zone,
        ["datetime"] = Day + "T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?" + Zone,
        ["iban"] = "[a-zA-Z]{2}[0-9]{2}[a-zA-Z0-9]{11,30}",
        ["bic"] = "[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?",
        ["base64"] = @"[A-Za-z0-9+/=\s]+",
    }.ToFrozenDictionary();

    private static readonly ConcurrentDictionary<string, Regex> Compiled = new();

    public static bool IsValid(string type, string value)
    {
        if (!Compiled.GetOrAdd(type, Form).IsMatch(value))
            return false;
        return type switch
        {
            "rate" => decimal.Parse(value, CultureInfo.InvariantCulture) <= 100,
            "line" or "phase" => value.Any(static digit => digit != '0'),
            "date" => IsDate(value),
            "invoicedate" => IsDate(value) && string.CompareOrdinal(value, "1970") >= 0,
            _ => true,
        };
    }

    // "b20": up to 20 characters of ASCII, "l80": up to 80 of Latin-1, "=A,B": one of these.
    private static Regex Form(string type)
    {
        var form = Forms.GetValueOrDefault(type) ?? type[0] switch
        {
            '=' => type[1..].Replace(',', '|'),
            'l' => $"[{Latin}]{{1,{type[1..]}}}",
            _ => $"[{Basic}]{{1,{type[1..]}}}",
        };
        return new Regex(
            $@"\A(?:{form})\z", type == "email"
                ? RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
                : RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(1));
    }

    private static bool IsDate(string value) => DateOnly.TryParseExact(
        value[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
