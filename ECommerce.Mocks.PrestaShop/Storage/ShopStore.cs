using System.Collections.Frozen;
using ECommerce.Mocks.PrestaShop.Generation;
using Microsoft.Extensions.Options;

namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>The shop's tables, generated or loaded; <see cref="Reset"/> brings the first state back.</summary>
internal sealed class ShopStore
{
    private readonly ShopOptions _options;
    private volatile FrozenDictionary<string, Table> _tables;

    public ShopStore(IOptions<ShopOptions> options)
    {
        _options = options.Value;
        _tables = Load();
        Languages = LanguagesOf(this["languages"]);
    }

    /// <summary>Held while rows are changed.</summary>
    public Lock Writing { get; } = new();

    public IReadOnlyList<int> Languages { get; }

    /// <summary>The table of a resource; an empty one if the shop has no rows of it.</summary>
    public Table this[string resource] => _tables[resource];

    public void Reset()
    {
        var tables = Load();
        lock (Writing)
            _tables = tables;
    }

    private FrozenDictionary<string, Table> Load()
    {
        var tables = ResourceNames.All.ToDictionary(name => name, name => new Table(Schemas.For(name), []));
        foreach (
            var table in _options.Data is { Length: > 0 } folder
                ? ShopDump.Load(folder)
                : ShopGenerator.Generate(_options))
        {
            tables[table.Schema.Name] = table;
        }
        // Orders of a dump name them.
        if (tables["currencies"].Snapshot.Count == 0)
            tables["currencies"] = LookupGenerator.Currencies();
        return (_options.IsFirst ? tables.Values.Select(FirstVersion.Of) : tables.Values)
            .ToFrozenDictionary(table => table.Schema.Name);
    }

    private static IReadOnlyList<int> LanguagesOf(Table table) =>
        table.Snapshot is [] ? [1] : [.. table.Snapshot.Select(row => row.Id)];
}
