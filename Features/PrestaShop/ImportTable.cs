namespace ECommerce.Features.PrestaShop;

/// <summary>A table that is filled from a shop, and the columns that follow the shop. What is not listed is ours and never touched.</summary>
internal sealed record ImportTable(string Name, params ImportColumn[] Columns);

/// <summary>A column, and what an update makes of it; normally the shop's value.</summary>
internal sealed record ImportColumn(string Name, string? OnUpdate = null)
{
    /// <summary>A deletion in the shop deletes here; that the shop still has a row does not bring back what was deleted here.</summary>
    public static readonly ImportColumn DeletedAt = new("deleted_at", "COALESCE(deleted_at, VALUES(deleted_at))");

    public string Assignment => $"{Name} = {OnUpdate ?? $"VALUES({Name})"}";

    public static implicit operator ImportColumn(string name) => new(name);
}

/// <summary>One row of a shop as it is to stand in the table: the values in the order of the columns.</summary>
internal sealed record ImportRow(long OriginId, params object?[] Values);

/// <summary>What a batch did. Ids are ours, by the ids of the shop.</summary>
internal sealed record ImportResult(IReadOnlyDictionary<long, long> Created, IReadOnlyDictionary<long, long> Updated, int Unchanged)
{
    public IEnumerable<long> ChangedIds => Created.Values.Concat(Updated.Values);

    /// <summary>Our id of a row that was new or had changed.</summary>
    public bool TryGetChanged(long originId, out long id) => Created.TryGetValue(originId, out id) || Updated.TryGetValue(originId, out id);
}
