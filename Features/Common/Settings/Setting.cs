using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ECommerce.Features.Common.Settings;

/// <summary>A known setting of tenants: its name, its type and bounds, its default and what it is for.</summary>
/// <param name="name">Letters and digits in parts, as <c>orders.process_state_id</c>; at most 64 characters.</param>
/// <param name="type">The name of the type in the API.</param>
/// <param name="description">What the setting decides.</param>
internal abstract class Setting(string name, string type, string description)
{
    public string Name => name;

    public string Type => type;

    public string Description => description;

    /// <summary>Whether the value is encrypted at rest, and never returned, cached or logged.</summary>
    public virtual bool IsSecret => false;

    public virtual object? Minimum => null;

    public virtual object? Maximum => null;

    public virtual int? MaxLength => null;

    public virtual IReadOnlyList<string>? Choices => null;

    /// <summary>The value where nothing is set.</summary>
    public abstract object? DefaultValue { get; }

    /// <summary>The canonical text of a value that a client sent; false with the fault when it is not valid.</summary>
    public abstract bool TryWrite(
        JsonElement value, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? fault);

    /// <summary>The value of a stored text; the default where there is none, or one of an earlier type.</summary>
    public abstract object? Read(string? text);
}

/// <summary>A setting with values of one type.</summary>
internal abstract class Setting<T>(string name, string type, T fallback, string description)
    : Setting(name, type, description)
{
    public T Default => fallback;

    public sealed override object? DefaultValue => fallback;

    public sealed override object? Read(string? text) => ValueOf(text);

    /// <inheritdoc cref="Setting.Read"/>
    public T ValueOf(string? text) => text is not null && TryParse(text, out var value) ? value : fallback;

    protected abstract bool TryParse(string text, [MaybeNullWhen(false)] out T value);
}
