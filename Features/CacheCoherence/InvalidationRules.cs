using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Features.CacheCoherence;

/// <summary>All declarations, by entity.</summary>
internal sealed class InvalidationRules(IEnumerable<Invalidates> declarations)
{
    private readonly FrozenDictionary<Type, Invalidates[]> _byEntity =
        declarations.GroupBy(declaration => declaration.Entity)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <summary>
    /// The tags of one state of a row: the row's own and its table's (<c>order:{tenant}:{id}</c>,
    /// <c>orders:any:{tenant}</c>), by which nodes of other versions know it, and those that features declare.
    /// </summary>
    /// <exception cref="InvalidOperationException">No feature declares anything for this entity.</exception>
    public IEnumerable<string> TagsOf(object row) =>
        RowTags.Of(row).Concat(Find(row).SelectMany(declaration => declaration.Tags(row)));

    /// <summary>The rows whose versions cover this one.</summary>
    public IEnumerable<(Type Type, long Id)> RootsOf(object row) =>
        Find(row).Where(declaration => declaration.Root is not null).Select(declaration => declaration.Root!(row));

    /// <exception cref="InvalidOperationException">An entity of the model has no declaration.</exception>
    public void ThrowIfUndeclared(IModel model)
    {
        var undeclared = model.GetEntityTypes().Select(type => type.ClrType).Where(type => !_byEntity.ContainsKey(type))
            .Select(type => type.Name).ToArray();
        if (undeclared.Length > 0)
        {
            throw new InvalidOperationException(
                $"No feature declares what is invalidated with {string.Join(", ", undeclared)}: "
                + "Invalidates.On in the feature's caching file.");
        }
    }

    private Invalidates[] Find(object row) => _byEntity.TryGetValue(row.GetType(), out var declarations)
        ? declarations
        : throw new InvalidOperationException($"No feature declares what is invalidated with {row.GetType().Name}.");
}

/// <summary>Stops the start when an entity has no declaration.</summary>
internal sealed class InvalidationRulesCheck(
    InvalidationRules rules, IDbContextFactory<Data.ECommerceDbContext> contexts) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        rules.ThrowIfUndeclared(db.Model);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
