using System.Buffers.Text;

namespace ECommerce.Features.Invoices.Receiving;

/// <summary>Base64 as download programs write it: in one line or many, without padding, between lines of PEM.</summary>
internal static class EncodedContent
{
    /// <summary>Whether bytes look like it.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("-----BEGIN"u8))
            return true;
        var head = bytes[..Math.Min(bytes.Length, 256)];
        foreach (var b in head)
        {
            if (!IsDigit(b) && !IsBlank(b) && b != (byte)'=')
                return false;
        }
        return true;
    }

    /// <summary>The bytes of the text; null: it is no base64.</summary>
    public static byte[]? TryDecode(ReadOnlySpan<byte> text)
    {
        var digits = new List<byte>(text.Length + 3);
        var inLine = false;
        var atStart = true;
        foreach (var b in text)
        {
            if (b is (byte)'\r' or (byte)'\n')
            {
                (inLine, atStart) = (false, true);
                continue;
            }
            // -----BEGIN PKCS7-----: the whole line.
            inLine |= atStart && b == (byte)'-';
            atStart = false;
            if (inLine || IsBlank(b) || b == (byte)'=')
                continue;
            if (!IsDigit(b))
                return null;
            digits.Add(b switch
            {
                (byte)'-' => (byte)'+',
                (byte)'_' => (byte)'/',
                _ => b,
            });
        }
        // A rest of one digit is no byte: the text was cut off.
        if (digits.Count < 4 || digits.Count % 4 == 1)
            return null;
        while (digits.Count % 4 != 0)
            digits.Add((byte)'=');
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(digits.Count)];
        Base64.DecodeFromUtf8(digits.ToArray(), bytes, out _, out var written);
        return written == 0 ? null : bytes[..written];
    }

    private static bool IsDigit(byte b) =>
        char.IsAsciiLetterOrDigit((char)b) || b is (byte)'+' or (byte)'/' or (byte)'-' or (byte)'_';

    private static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0;
}
