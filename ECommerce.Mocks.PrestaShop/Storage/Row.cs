namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>A value in one language.</summary>
internal readonly record struct Translation(int Language, string? Value);

internal sealed record RenderedRow(IReadOnlyList<int> Languages, byte[] Json);

/// <summary>
/// An immutable row of the shop: it is only replaced, so readers need no lock. A value is a string, null or an
/// array of translations. An association that is null is absent from the response.
/// </summary>
internal sealed class Row(ResourceSchema schema, int id, object?[] values, IReadOnlyList<string?[]>?[] associations)
{
    public ResourceSchema Schema => schema;

    public int Id => id;

    /// <summary>
    /// The whole row as it was last rendered, for whom it was: pages of unchanged rows are mere copies. A race renders
    /// twice.
    /// </summary>
    public RenderedRow? Rendered { get; set; }

    public object? this[int field] => values[field];

    public object? this[string field] => schema.IndexOf(field) is >= 0 and var index ? values[index] : null;

    public IReadOnlyList<string?[]>? Association(int index) => associations[index];

    public string Text(string field) => this[field] as string ?? "";

    public Row With(string association, IReadOnlyList<string?[]> rows)
    {
        var copy = (IReadOnlyList<string?[]>?[])associations.Clone();
        copy[schema.IndexOfAssociation(association)] = rows;
        return new(schema, id, values, copy);
    }

    public Row With(params ReadOnlySpan<(string Field, string Value)> changes)
    {
        var copy = (object?[])values.Clone();
        foreach (var (field, value) in changes)
        {
            // A dump may lack fields that the shop's own version has.
            if (schema.IndexOf(field) is >= 0 and var index)
                copy[index] = value;
        }

        return new(schema, id, copy, associations);
    }
}
