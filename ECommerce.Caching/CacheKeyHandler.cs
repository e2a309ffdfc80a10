using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace ECommerce.Caching;

/// <summary>
/// Builds an interpolated key (<c>$"product:{tenant}:{id}"</c>) where it is used, in the caller's own frame: a hit
/// neither makes a text of it nor borrows a buffer. Numbers and dates are written in the invariant culture. The
/// compiler creates it; it need not be named in code.
/// </summary>
/// <remarks>Nothing is escaped: <see cref="CachePolicy.Key{T}(T)"/> is for parameters that come from outside.</remarks>
[InterpolatedStringHandler]
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct CacheKeyHandler
{
    private const int Inline = 96;

    private InlineText _inline;
    private char[]? _larger;
    private int _length;

    /// <summary>Begins a key. Called by the compiler.</summary>
    /// <param name="literalLength">How many characters stand outside of the holes.</param>
    /// <param name="formattedCount">How many holes there are.</param>
    [SuppressMessage("Style", "IDE0060", Justification = "The compiler calls it so.")]
    public CacheKeyHandler(int literalLength, int formattedCount)
    {
        // The text is written before it is read, so it need not be cleared.
        Unsafe.SkipInit(out _inline);
    }

    /// <summary>The key so far.</summary>
    [UnscopedRef]
    internal readonly ReadOnlySpan<char> Text => (_larger ?? (ReadOnlySpan<char>)_inline)[.._length];

    /// <summary>Adds a text between two holes.</summary>
    public void AppendLiteral(string value) => Append(value);

    /// <summary>Adds a text; null adds nothing.</summary>
    public void AppendFormatted(string? value) => Append(value);

    /// <summary>Adds a text.</summary>
    public void AppendFormatted(scoped ReadOnlySpan<char> value) => Append(value);

    /// <summary>Adds a value in the invariant culture; null adds nothing.</summary>
    public void AppendFormatted<T>(T value, string? format = null)
    {
        if (value is not ISpanFormattable)
        {
            Append(value is IFormattable other ? other.ToString(format, CultureInfo.InvariantCulture)
                : value?.ToString());
            return;
        }
        int written;
        // A constraint on T would keep other values out; for a value type the cast is none.
        while (!((ISpanFormattable)value).TryFormat(Free, out written, format, CultureInfo.InvariantCulture))
            Grow(Free.Length + 1);
        _length += written;
    }

    private void Append(scoped ReadOnlySpan<char> text)
    {
        if (text.Length > (_larger?.Length ?? Inline) - _length)
            Grow(text.Length);
        text.CopyTo(Free);
        _length += text.Length;
    }

    [UnscopedRef]
    private Span<char> Free => (_larger ?? (Span<char>)_inline)[_length..];

    // Longer keys are rare and, beyond 1,024 characters, none: they pay for their own.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int more)
    {
        var larger = new char[Math.Max(2 * (_length + Free.Length), _length + more)];
        Text.CopyTo(larger);
        _larger = larger;
    }

    [InlineArray(Inline)]
    private struct InlineText
    {
        private char _first;
    }
}
