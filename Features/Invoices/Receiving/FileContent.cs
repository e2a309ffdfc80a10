using System.Text;

namespace ECommerce.Features.Invoices.Receiving;

/// <summary>What bytes are, by their beginning.</summary>
internal enum ContentForm
{
    Unknown,
    Empty,
    Xml,

    /// <summary>CMS: DER or BER.</summary>
    Signed,

    /// <summary>Base64, with or without the lines of PEM.</summary>
    Encoded,
}

/// <summary>Recognises the form of bytes.</summary>
internal static class FileContent
{
    private const byte Sequence = 0x30;

    private static readonly byte[][] Marks = [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]];

    public static ContentForm Recognise(ReadOnlySpan<byte> bytes)
    {
        if (StartsWithWideText(bytes))
            return ContentForm.Xml;
        foreach (var mark in Marks)
        {
            if (bytes.StartsWith(mark))
                bytes = bytes[mark.Length..];
        }
        var text = bytes.TrimStart(" \t\r\n\0"u8);
        if (text.IsEmpty)
            return ContentForm.Empty;
        if (text[0] == (byte)'<')
            return ContentForm.Xml;
        // A signed file is longer than 127 bytes. 0x30 is the digit 0, too, which a text may start with.
        if (bytes[0] == Sequence && bytes.Length > 2 && bytes[1] >= 0x80)
            return ContentForm.Signed;
        return EncodedContent.IsText(text) ? ContentForm.Encoded : ContentForm.Unknown;
    }

    /// <summary>The bytes without a mark of their byte order and without blanks before the text.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> bytes)
    {
        var start = bytes.Span.StartsWith(Marks[0]) ? Marks[0].Length : 0;
        while (start < bytes.Length && bytes.Span[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0)
            start++;
        return bytes[start..];
    }

    /// <summary>UTF-16, with or without a mark; null: other bytes.</summary>
    public static Encoding? WideEncoding(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Marks[1]) || bytes.StartsWith("<\0"u8))
            return Encoding.Unicode;
        return bytes.StartsWith(Marks[2]) || bytes.StartsWith("\0<"u8) ? Encoding.BigEndianUnicode : null;
    }

    private static bool StartsWithWideText(ReadOnlySpan<byte> bytes) => WideEncoding(bytes) is not null;
}
