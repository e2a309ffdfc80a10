using System.Globalization;
using ECommerce.Mocks.PrestaShop.Webservice;

namespace ECommerce.Mocks.PrestaShop.Query;

/// <summary>The parameter <c>language</c>: <c>1</c>, <c>[1]</c>, <c>[1|2]</c> or <c>[1,3]</c> (a range).</summary>
internal static class Languages
{
    public static IReadOnlyList<int> Parse(string? text, IReadOnlyList<int> ofShop)
    {
        if (text is null)
            return ofShop;

        var asked = Asked(text);
        var known = ofShop.Where(asked.Contains).ToArray();
        return known is [] ? throw new WebserviceException(400, 81, "language is not available") : known;
    }

    private static HashSet<int> Asked(string text)
    {
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var one))
            return [one];
        if (text is not ['[', .., ']'])
            throw new WebserviceException(400, 79, "language value is wrong");

        var inner = text[1..^1];
        if (!inner.Contains(','))
            return [.. inner.Split('|').Select(Number)];

        var range = inner.Split(',');
        if (range.Length != 2)
            throw new WebserviceException(400, 78, "A range value for a language must contains only 2 values");

        var (from, to) = (Number(range[0]), Number(range[1]));
        // More than a thousand languages do not occur; the real shop has no limit.
        return [.. Enumerable.Range(from, Math.Clamp(to - from + 1, 0, 1000))];
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new WebserviceException(400, 80, "Language ID must be numeric");
}
