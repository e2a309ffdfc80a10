using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Common.Http;

/// <summary>
/// Reads the known parameters of a list from the query string and ignores all others, which change neither the result
/// nor the cache key. Collects the errors by parameter and the canonical values that differ from their defaults.
/// </summary>
public sealed class QueryReader(IQueryCollection query, DateOnly today = default)
{
    private const int MaxText = 100;
    private const int MaxList = 50;
    private readonly List<KeyValuePair<string, string>> _canonical = [];
    private readonly List<QueryParameter> _known = [];
    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>The day, in the zone of the shops, at which ranges without an end stop.</summary>
    public DateOnly Today => today;

    public IReadOnlyCollection<KeyValuePair<string, string>> Canonical => _canonical;

    public IReadOnlyCollection<QueryParameter> Known => _known;

    public IReadOnlyDictionary<string, string[]> Errors => _errors;

    public static QueryReader From(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        return new QueryReader(
            context.Request.Query, context.RequestServices.GetRequiredService<ShopTimeZone>().DayOf(now));
    }

    /// <summary>Binds a query for a handler; invalid parameters become a 400 response that names them.</summary>
    public static ValueTask<T> BindAsync<T>(HttpContext context, Func<QueryReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var reader = From(context);
        var bound = read(reader);
        return reader._errors.Count == 0
            ? ValueTask.FromResult(bound)
            : throw BadInputException.OfQuery(reader._errors);
    }

    public int Number(string name, int fallback, int minimum, int maximum)
    {
        _known.Add(new(name, "integer", fallback, Minimum: minimum, Maximum: maximum));
        if (Single(name) is not { } text)
            return fallback;
        if (!text.All(char.IsAsciiDigit)
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < minimum || number > maximum)
        {
            return Wrong(name, $"must be a whole number from {minimum} to {maximum}.", fallback);
        }

        return number == fallback ? fallback : Given(name, number, number.ToString(CultureInfo.InvariantCulture));
    }

    public long? Id(string name)
    {
        _known.Add(new(name, "integer", Minimum: 1));
        if (Single(name) is not { } text)
            return null;
        return ParseId(text) is { } id ? Given(name, id, Text(id)) : Wrong<long?>(name, "must be an id.", null);
    }

    /// <summary>A comma-separated list of ids; order and duplicates are ignored.</summary>
    public long[] Ids(string name)
    {
        _known.Add(new(name, "array"));
        var parts = query[name].SelectMany(value => value!.Split(',')).Where(part => part.Length > 0).ToArray();
        if (parts.Length > MaxList)
            return Wrong<long[]>(name, $"must hold at most {MaxList} ids.", []);
        long[] ids = [.. parts.Select(ParseId).OfType<long>().Distinct().Order()];
        if (parts.Any(part => ParseId(part) is null))
            return Wrong<long[]>(name, "must be a comma-separated list of ids.", []);
        return ids.Length == 0 ? ids : Given(name, ids, string.Join(',', ids.Select(Text)));
    }

    public bool? Flag(string name)
    {
        _known.Add(new(name, "boolean"));
        return Single(name) switch
        {
            null => null,
            "true" or "1" => Given<bool?>(name, true, "true"),
            "false" or "0" => Given<bool?>(name, false, "false"),
            _ => Wrong<bool?>(name, "must be true or false.", null),
        };
    }

    public string? Text(string name, int maxLength = MaxText)
    {
        _known.Add(new(name, "string"));
        if (Single(name)?.Trim() is not { Length: > 0 } text)
            return null;
        if (text.Any(char.IsControl))
            return Wrong<string?>(name, "must have no control characters.", null);
        return text.Length <= maxLength
            ? Given(name, text, text)
            : Wrong<string?>(name, $"must have at most {maxLength} characters.", null);
    }

    /// <summary>A text that must be given.</summary>
    public string Required(string name, int maxLength)
    {
        if (Text(name, maxLength) is { } text)
            return text;
        Reject(name, "is required.");
        return "";
    }

    public string Choice(string name, string fallback, params string[] allowed)
    {
        _known.Add(new(name, "string", fallback, Allowed: allowed));
        if (Single(name) is not { } text || text == fallback)
            return fallback;
        return allowed.Contains(text)
            ? Given(name, text, text)
            : Wrong(name, $"must be one of: {string.Join(", ", allowed)}.", fallback);
    }

    /// <summary>The inclusive start of a range of moments.</summary>
    public DateTime? From(string name) => Moment(name, endOfDay: false);

    /// <summary>The exclusive end of a range of moments; for a date without a time, its end in UTC.</summary>
    public DateTime? Until(string name) => Moment(name, endOfDay: true);

    /// <summary>One end of a range: a day of the shop, or a moment.</summary>
    public DayOrMoment? Bound(string name)
    {
        _known.Add(new(name, "string", Format: "date-time"));
        if (Single(name) is not { } text)
            return null;
        if (!Iso8601.TryParse(text, out var moment, out var isDate))
        {
            return Wrong<DayOrMoment?>(
                name, "must be an ISO 8601 date or time (2026-03-01 or 2026-03-01T10:15:00Z).", null);
        }

        return isDate
            ? Given<DayOrMoment?>(name, new(DateOnly.FromDateTime(moment), null), text)
            : Given<DayOrMoment?>(name, new(null, moment), moment.ToString("O", CultureInfo.InvariantCulture));
    }

    /// <summary>A day of the shop.</summary>
    public DateOnly? Day(string name)
    {
        _known.Add(new(name, "string", Format: "date"));
        if (Single(name) is not { } text)
            return null;
        return DateOnly.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? Given<DateOnly?>(name, day, text)
            : Wrong<DateOnly?>(name, "must be a day such as 2026-03-01.", null);
    }

    /// <summary>A currency by its code of ISO 4217.</summary>
    public string? Currency(string name)
    {
        _known.Add(new(name, "string"));
        if (Single(name) is not { } text)
            return null;
        return text.Length == 3 && text.All(char.IsAsciiLetter)
            ? Given(name, text.ToUpperInvariant(), text.ToUpperInvariant())
            : Wrong<string?>(name, "must be three letters such as EUR.", null);
    }

    /// <summary>Rejects a parameter that is valid by itself but not together with others.</summary>
    public void Reject(string name, string message) => _errors.TryAdd(name, [$"{name} {message}"]);

    private DateTime? Moment(string name, bool endOfDay)
    {
        if (Bound(name) is not { } bound)
            return null;
        if (bound.Day is not { } day)
            return bound.Moment;
        // The last day has no next one; no row is of its last microsecond.
        if (endOfDay && day == DateOnly.MaxValue)
            return DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
        return (endOfDay ? day.AddDays(1) : day).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
    }

    private string? Single(string name)
    {
        var values = query[name];
        if (values.Count > 1)
            return Wrong<string?>(name, "must be given once.", null);
        return string.IsNullOrEmpty(values) ? null : values[0];
    }

    // Digits only: the framework's parsers ignore NULs at the end.
    private static long? ParseId(string text) =>
        text.All(char.IsAsciiDigit)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private T Given<T>(string name, T value, string canonical)
    {
        _canonical.Add(new(name, canonical));
        return value;
    }

    private T Wrong<T>(string name, string message, T fallback)
    {
        _errors[name] = [$"{name} {message}"];
        return fallback;
    }
}

/// <summary>One end of a range: a day of the shop, or a moment in UTC; one of the two is null.</summary>
public readonly record struct DayOrMoment(DateOnly? Day, DateTime? Moment);

/// <summary>A parameter as the OpenAPI document describes it.</summary>
public sealed record QueryParameter(
    string Name, string Type, object? Default = null, string? Format = null, IReadOnlyList<string>? Allowed = null,
    int? Minimum = null, int? Maximum = null);
