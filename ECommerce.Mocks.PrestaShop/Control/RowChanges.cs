using System.Text.Json;
using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Control;

/// <summary>
/// Any row, field by field, with texts that no shop would write: the webservice serves them as they are. In a text,
/// U+F8F2 stands for the byte F2, which is not UTF-8, and U+F8D8 for the escape <c>\ud83d</c> without its pair.
/// </summary>
internal sealed class RowChanges(ShopStore shop)
{
    private readonly Dictionary<(string Resource, int Id), Row> _removed = [];

    /// <summary>
    /// Changes a row, or adds one that has nothing else; false when a field is not one of the resource. The value of an
    /// association is a JSON array of objects.
    /// </summary>
    public bool Put(string resource, int id, IReadOnlyDictionary<string, string> values)
    {
        lock (shop.Writing)
        {
            var table = shop[resource];
            var schema = table.Schema;
            if (values.Keys.Any(name => schema.IndexOf(name) < 0 && schema.IndexOfAssociation(name) < 0))
                return false;
            var row = table.Find(id) ?? new RowBuilder(schema, id).Build();
            row = row.With([.. values.Select(pair => (pair.Key, pair.Value))]);
            table.Put(values.Where(pair => schema.IndexOfAssociation(pair.Key) >= 0).Aggregate(
                row, static (changed, pair) => Associate(changed, pair.Key, pair.Value)));
            return true;
        }
    }

    private static Row Associate(Row row, string name, string json)
    {
        var association = row.Schema.Associations[row.Schema.IndexOfAssociation(name)];
        var parts = JsonSerializer.Deserialize<Dictionary<string, string>[]>(json) ?? [];
        return row.With(name, [.. parts.Select(
            part => association.Fields.Select(field => part.GetValueOrDefault(field)).ToArray())]);
    }

    public bool Remove(string resource, int id)
    {
        lock (shop.Writing)
        {
            if (shop[resource].Find(id) is not { } row)
                return false;
            _removed[(resource, id)] = row;
            return shop[resource].Remove(id);
        }
    }

    /// <summary>Brings a removed row back.</summary>
    public bool Restore(string resource, int id)
    {
        lock (shop.Writing)
        {
            if (!_removed.Remove((resource, id), out var row))
                return false;
            shop[resource].Put(row);
            return true;
        }
    }
}
