using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Common.PersonalData;

/// <summary>
/// What a feature stores about a customer as a person. Each feature with such columns registers one
/// (<c>services.AddPersonalData&lt;OrderPersonalData&gt;()</c>), and POST /customers/{id}/erase calls all of them.
/// </summary>
internal interface IPersonalData
{
    /// <summary>The properties with personal data, by entity.</summary>
    IReadOnlyDictionary<Type, IReadOnlyList<string>> Columns { get; }

    /// <summary>
    /// Replaces them in all rows of a customer, deleted ones too, through the change tracker: what is cached of them is
    /// invalidated by their declarations. Invoices keep theirs, which the law demands.
    /// </summary>
    Task EraseAsync(WriteTransaction tx, ErasedCustomer customer, CancellationToken ct);
}

/// <summary>The customer whose data are erased; its row is locked.</summary>
/// <param name="Id">The customer.</param>
/// <param name="Now">The time of the erasure, in UTC.</param>
internal sealed record ErasedCustomer(long Id, DateTime Now)
{
    /// <summary>In the place of a text that a column must have.</summary>
    public const string Text = "erased";
}

internal static class PersonalDataExtensions
{
    public static void AddPersonalData<T>(this IServiceCollection services)
        where T : class, IPersonalData => services.AddSingleton<IPersonalData, T>();
}
