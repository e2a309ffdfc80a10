using System.Collections.Frozen;
using System.Text.Json;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Lifecycle;
using FileRow = ECommerce.Features.Data.Entities.Invoices.InvoiceFile;
using LifeFile = ECommerce.Features.Invoices.Lifecycle.InvoiceFile;

namespace ECommerce.Features.Invoices.Storage;

/// <summary>The lives of invoices in their rows. Only what has changed is written: an unchanged life drops no cache.
/// </summary>
internal static class StoredLives
{
    private const int MaxCodes = 1000;

    private static readonly FrozenDictionary<FileOutcome, string> Outcomes = Names<FileOutcome>();
    private static readonly FrozenDictionary<InvoiceState, string> States = Names<InvoiceState>();
    private static readonly FrozenDictionary<string, FileOutcome> ByName =
        Outcomes.ToFrozenDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.Ordinal);

    /// <summary>As the column has it: <c>refused_by_provider</c>.</summary>
    public static string Name(this FileOutcome outcome) => Outcomes[outcome];

    /// <inheritdoc cref="Name(FileOutcome)"/>
    public static string Name(this InvoiceState state) => States[state];

    /// <summary>The life of an invoice whose files are loaded.</summary>
    public static InvoiceLife Life(this Invoice row) => new(row.Reference, row.LocalDate)
    {
        // A new one has no id yet, and is the last one.
        Files = [.. row.Files.OrderBy(static file => file.Id == 0 ? long.MaxValue : file.Id).Select(Read)],
    };

    /// <summary>Stores a life in the rows of its invoice, each of whose files has one.</summary>
    /// <param name="row">The invoice, read FOR UPDATE with its files.</param>
    /// <param name="life">What is to be stored.</param>
    /// <param name="now">UTC.</param>
    /// <returns>Whether anything has changed.</returns>
    public static bool Store(this Invoice row, InvoiceLife life, DateTime now)
    {
        var changed = false;
        foreach (var file in life.Files)
            changed |= Store(row.Files.Single(stored => file.Has(stored.Name)), file, now);
        var state = life.State.Name();
        changed |= row.State != state || row.SdiId != life.SdiId;
        (row.State, row.SdiId) = (state, life.SdiId);
        if (changed)
            row.DateUpd = now;
        return changed;
    }

    private static LifeFile Read(FileRow row) => new(row.Name, ByName[row.Outcome])
    {
        SdiId = row.SdiId,
        AnsweredAt = row.AnsweredAt is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : null,
        Codes = row.Codes?.Split(',') ?? [],
        IsContradicted = row.IsContradicted,
    };

    private static bool Store(FileRow row, LifeFile file, DateTime now)
    {
        var before = Columns(row);
        row.Name = file.Name;
        row.Outcome = file.Outcome.Name();
        row.SdiId = file.SdiId;
        row.Codes = file.Codes.Count == 0 ? null : Join(file.Codes);
        row.IsContradicted = file.IsContradicted;
        row.AnsweredAt = file.AnsweredAt?.UtcDateTime;
        // From the attempt on that may have handed it over.
        if (file.IsOpen)
            row.SentAt ??= now;
        return Columns(row) != before;
    }

    private static (string, string, string?, string?, bool, DateTime?, DateTime?) Columns(FileRow row) =>
        (row.Name, row.Outcome, row.SdiId, row.Codes, row.IsContradicted, row.AnsweredAt, row.SentAt);

    // Whole codes only: a part of one would be another one.
    private static string Join(IReadOnlyList<string> codes)
    {
        var text = string.Join(',', codes);
        return text.Length <= MaxCodes ? text : text[..text.LastIndexOf(',', MaxCodes)];
    }

    private static FrozenDictionary<T, string> Names<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToFrozenDictionary(
            static value => value, static value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
}
