using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text with holes that are known only when the system runs (ports, passwords).</summary>
public class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    private readonly object[] _values;

    private ReferenceExpression(string format, object[] values)
    {
        Format = format;
        _values = values;
    }

    public string Format { get; }

    public string ValueExpression =>
        string.Format(CultureInfo.InvariantCulture, Format,
            [.. _values.Select(value => ((IManifestExpressionProvider)value).ValueExpression)]);

    internal IEnumerable<object> Values => _values;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var values = new object?[_values.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = await ((IValueProvider)_values[i]).GetValueAsync(cancellationToken).ConfigureAwait(false);

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _format = new(literalLength + formattedCount * 4);
        private readonly List<object> _values = new(formattedCount);

        public readonly void AppendLiteral(string value) =>
            _format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

        public readonly void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        public readonly void AppendFormatted<T>(T value) where T : IValueProvider, IManifestExpressionProvider
        {
            _format.Append(CultureInfo.InvariantCulture, $"{{{_values.Count}}}");
            _values.Add(value);
        }

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider =>
            AppendFormatted(valueProvider.Resource);

        internal readonly ReferenceExpression Build() => new(_format.ToString(), [.. _values]);
    }
}
