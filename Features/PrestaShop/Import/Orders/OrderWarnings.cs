namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>What is odd about one order: it is imported as the shop has it, and shows this.</summary>
internal sealed class OrderWarnings
{
    private const int MaxKept = 20;
    private const int MaxLength = 300;

    private readonly List<string> _lines = [];

    public int Count { get; private set; }

    /// <summary>One warning a line, <c>code: text</c>; null for none.</summary>
    public string? Text => _lines.Count == 0 ? null : string.Join('\n', _lines);

    public void Add(string code, string text)
    {
        Count++;
        var line = $"{code}: {text.ReplaceLineEndings(" ")}";
        if (_lines.Count < MaxKept)
            _lines.Add(line.Length <= MaxLength ? line : line[..MaxLength]);
    }
}
