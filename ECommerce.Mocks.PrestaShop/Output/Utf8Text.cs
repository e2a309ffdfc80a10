using System.Buffers;
using System.Text;

namespace ECommerce.Mocks.PrestaShop.Output;

/// <summary>Builds a body. It is buffered whole, because its SHA-1 is sent in a header before it.</summary>
internal sealed class Utf8Text(int capacity = 16 * 1024)
{
    // Stand for what a valid text cannot have: the byte F2 alone, and an escaped surrogate without its pair.
    private const char InvalidByte = '\uF8F2';
    private const char LoneSurrogate = '\uF8D8';

    private static readonly SearchValues<char> EscapedInJson = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(code => (char)code), '"', '\\', '/', InvalidByte, LoneSurrogate]);

    private readonly ArrayBufferWriter<byte> _buffer = new(capacity);

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public Utf8Text Raw(ReadOnlySpan<byte> utf8)
    {
        _buffer.Write(utf8);
        return this;
    }

    public Utf8Text Text(ReadOnlySpan<char> text)
    {
        Encoding.UTF8.GetBytes(text, _buffer);
        return this;
    }

    /// <summary>A JSON string as PHP writes it: the slash escaped, other characters than ASCII not.</summary>
    public Utf8Text JsonString(ReadOnlySpan<char> text)
    {
        Raw("\""u8);
        for (var next = text.IndexOfAny(EscapedInJson); next >= 0; next = text.IndexOfAny(EscapedInJson))
        {
            Text(text[..next]);
            if (text[next] == InvalidByte)
            {
                Raw([0xF2]);
                text = text[(next + 1)..];
                continue;
            }
            Text(text[next] switch
            {
                LoneSurrogate => "\\ud83d",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                '"' or '\\' or '/' => $"\\{text[next]}",
                var control => $"\\u{(int)control:x4}",
            });
            text = text[(next + 1)..];
        }

        Text(text);
        return Raw("\""u8);
    }

    public Utf8Text CData(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return this;

        Raw("<![CDATA["u8);
        for (var end = text.IndexOf("]]>"); end >= 0; end = text.IndexOf("]]>"))
        {
            Text(text[..(end + 2)]).Raw("]]><![CDATA["u8);
            text = text[(end + 2)..];
        }

        return Text(text).Raw("]]>"u8);
    }
}
