using System.Text.RegularExpressions;
using ECommerce.Mocks.PrestaShop.Storage;
using ECommerce.Mocks.PrestaShop.Webservice;

namespace ECommerce.Mocks.PrestaShop.Query;

/// <summary>Filter, sort and limit of a list, checked in the shop's order.</summary>
internal sealed partial class ListQuery
{
    private readonly List<(int Field, Func<string?, bool> Fits)> _filters = [];
    private readonly List<(int Field, bool Descending)> _sorts = [];
    private int _skip;
    private int _take = int.MaxValue;

    /// <summary>Null where the response contains ids only.</summary>
    public Selection? Selection { get; private init; }

    public static ListQuery Parse(
        ResourceSchema schema, IReadOnlyDictionary<string, string> query, bool bareNumberIsLike)
    {
        var withDates = query.GetValueOrDefault("date") is not (null or "" or "0");
        var available = schema.Fields.Where(
            field => !field.Localized && (withDates || field.Name is not ("date_add" or "date_upd")))
            .Select(field => field.Name)
            .ToArray();

        var filters = new List<(int, Func<string?, bool>)>();
        foreach (var (key, value) in query)
        {
            if (FilterKey().Match(key) is not { Success: true } match)
                continue;
            if (ParseFilter(schema, match, value, available, bareNumberIsLike) is { } filter)
                filters.Add(filter);
        }

        var display = query.GetValueOrDefault("display");
        var parsed =
            new ListQuery { Selection = display is null or "minimum" ? null : Selection.Parse(schema, display) };
        parsed._filters.AddRange(filters);
        if (query.TryGetValue("sort", out var sort))
            parsed.ParseSort(schema, sort, available);
        if (query.TryGetValue("limit", out var limit))
            parsed.ParseLimit(limit);
        return parsed;
    }

    public IReadOnlyList<Row> Run(Table table)
    {
        IEnumerable<Row> rows = table.Snapshot;
        foreach (var (field, fits) in _filters)
            rows = rows.Where(row => Fits(row[field], fits));
        // The table is in the order of its ids already.
        if (_sorts is not [] and not [(0, false), ..])
        {
            rows = _sorts.Aggregate(
                rows.OrderBy(static _ => 0),
                (sorted, sort) => sort.Descending
                    ? sorted.ThenByDescending(
                        row => row[sort.Field], SortOrder.For(table.Schema.Fields[sort.Field].Type))
                    : sorted.ThenBy(row => row[sort.Field], SortOrder.For(table.Schema.Fields[sort.Field].Type)));
        }

        return [.. rows.Skip(_skip).Take(_take)];
    }

    private static bool Fits(object? value, Func<string?, bool> fits) =>
        value is Translation[] translations
            ? Array.Exists(translations, translation => fits(translation.Value))
            : fits(value as string);

    private static (int, Func<string?, bool>)? ParseFilter(
        ResourceSchema schema, Match key, string value, string[] available, bool bareNumberIsLike)
    {
        var name = key.Groups[1].Value;
        if (key.Groups[2].Success)
            throw new WebserviceException(400, 31, "There is no existing linked table for this resource");

        var index = schema.IndexOf(name);
        var localized = index >= 0 && schema.Fields[index].Localized;
        if (!(localized && value != "") && !available.Contains(name))
            throw WebserviceException.DidYouMean(400, 32, "This filter does not exist", name, available);
        if (value == "")
            throw new WebserviceException(400, 33, $"The filter \"{name}\" is malformed.");
        if (schema.Fields[index].Computed)
        {
            throw new WebserviceException(
                400, 34, $"The field \"{name}\" is dynamic. It is not possible to filter GET query with this field.");
        }

        return FilterParser.Parse(schema.Fields[index].Type, value, bareNumberIsLike) is { } fits
            ? (index, fits)
            : null;
    }

    private void ParseSort(ResourceSchema schema, string text, string[] available)
    {
        foreach (var sort in text is ['[', .., ']'] ? text[1..^1].Split(',') : [text])
        {
            var underscore = sort.LastIndexOf('_');
            var direction = underscore < 0 ? "" : sort[(underscore + 1)..].ToUpperInvariant();
            if (direction is not ("ASC" or "DESC"))
            {
                throw new WebserviceException(
                    400, 37, "The \"sort\" value has to be formed as this example: \"field_ASC\" or "
                    + "'[field_1_DESC,field_2_ASC,field_3_ASC,...]' (\"field\" has to be an available field)");
            }

            var index = schema.IndexOf(sort[..underscore]);
            if (index < 0 || !(schema.Fields[index].Localized || available.Contains(schema.Fields[index].Name)))
            {
                var localized = schema.Fields.Where(field => field.Localized).Select(field => field.Name);
                throw new WebserviceException(400, 38, "Unable to filter by this field. However, these are available: "
                    + $"{string.Join(", ", available)}, for i18n fields:{string.Join(", ", localized)}");
            }

            _sorts.Add((index, direction == "DESC"));
        }
    }

    private void ParseLimit(string text)
    {
        var parts = text.Split(',');
        if (parts.Length > 2)
        {
            throw new WebserviceException(
                400, 39, "The \"limit\" value has to be formed as this example: \"5,25\" or \"10\"");
        }

        // A cast of PHP: "[10" is 0, so that limit=[10,5] silently starts at the first row.
        var numbers = Array.ConvertAll(parts, part => (int)Math.Clamp(SqlText.Number(part), 0, int.MaxValue));
        (_skip, _take) = numbers.Length == 1 ? (0, numbers[0]) : (numbers[0], numbers[1]);
    }

    [GeneratedRegex(@"^filter\[([^\]]*)\](\[.*\])?$")]
    private static partial Regex FilterKey();
}
