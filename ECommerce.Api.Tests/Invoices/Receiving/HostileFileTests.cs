using System.Text;
using ECommerce.Features.Invoices.Receiving;

namespace ECommerce.Api.Tests.Invoices.Receiving;

/// <summary>Files that are made to end the process, to fill its memory, or to be read for a long time.</summary>
public sealed class HostileFileTests
{
    private const int MaxBytes = 5 * 1024 * 1024;
    private const string Notification = "IT01234567897_00001_RC_001.xml";

    private static readonly Dictionary<string, (Func<byte[]> Make, UnreadableReason Reason)> Files = new()
    {
        // Their text is read by one call for each level.
        ["elements in a value"] = (() => Spoilt("FV/2026-77", Nested(300_000)), UnreadableReason.Hostile),
        ["elements in the root"] = (() => Ascii(Nested(700_000)), UnreadableReason.Hostile),
        ["elements that are not closed"] = (() => Ascii(Repeated("<a>", MaxBytes)), UnreadableReason.Hostile),
        ["attributes"] = (
            () => Ascii($"<a {Numbered(300_000, "a# = '' ")}/>"), UnreadableReason.Hostile),
        // Names are never forgotten by the process.
        ["names"] = (() => Ascii($"<a>{Numbered(400_000, "<a#/>")}</a>"), UnreadableReason.Hostile),
        ["namespaces"] = (
            () => Ascii($"<a>{Numbered(150_000, "<b xmlns:n#='u#'/>")}</a>"), UnreadableReason.Hostile),
        ["one prefix of many namespaces"] = (
            () => Ascii($"<a>{Numbered(200_000, "<n:b xmlns:n='u#'/>")}</a>"), UnreadableReason.Hostile),
        ["small elements"] = (() => Ascii($"<a>{Repeated("<b/>", MaxBytes - 8)}</a>"), UnreadableReason.Hostile),
        ["entities"] = (() => Ascii(Entities(30)), UnreadableReason.Hostile),
        ["parameter entities"] = (
            () => Ascii("<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/'>%x;]><a/>"), UnreadableReason.Hostile),
        ["references to characters"] = (
            () => Ascii($"<a>{Repeated("&#65;", MaxBytes - 8)}</a>"), UnreadableReason.NoInvoice),
        ["a zero"] = (() => Spoilt("FV/2026-77", "FV/\0"), UnreadableReason.BrokenXml),
        ["zeros only"] = (() => new byte[MaxBytes], UnreadableReason.Empty),
        ["UTF-7"] = (() => Spoilt("UTF-8", "UTF-7"), UnreadableReason.BrokenXml),
        ["UTF-32"] = (
            () => [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes(ReceivedVariants.Text)], UnreadableReason.BrokenXml),
        ["EBCDIC"] = (() => Spoilt("UTF-8", "IBM037"), UnreadableReason.BrokenXml),
        ["half a character of UTF-16"] = (
            () => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(ReceivedVariants.Text)[..^3]], UnreadableReason.BrokenXml),
        ["twenty signatures"] = (
            () => Enumerable.Range(0, 20).Aggregate(
                ReceivedVariants.All["plain.xml"], (file, _) => ReceivedVariants.Sign(file)),
            UnreadableReason.UnknownForm),
        ["text of text"] = (
            () => Enumerable.Range(0, 20).Aggregate(
                ReceivedVariants.All["plain.xml"], (file, _) => Ascii(Convert.ToBase64String(file))),
            UnreadableReason.UnknownForm),
        ["signed elements in a value"] = (
            () => ReceivedVariants.Sign(Spoilt("FV/2026-77", Nested(300_000))), UnreadableReason.Hostile),
        ["sequences without an end"] = (() => Repeated([0x30, 0x80], MaxBytes), UnreadableReason.UnknownForm),
        ["strings without an end"] = (() => Signed(Repeated([0x24, 0x80], 1_000_000)), UnreadableReason.UnknownForm),
        ["strings in strings"] = (
            () => Signed([.. Repeated([0x24, 0x80], 1_000_000), .. Repeated([0, 0], 1_000_000)]),
            UnreadableReason.Empty),
        ["a length of two gigabytes"] = (() => [0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF, 0], UnreadableReason.UnknownForm),
        ["blanks of a text"] = (() => [.. "QUJD"u8, .. Repeated([(byte)' '], MaxBytes)], UnreadableReason.UnknownForm),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void File_is_refused_with_its_reason(string name)
    {
        var (make, reason) = Files[name];

        var file = ReceivedFileReader.Read(make(), "IT01234567897_00001.xml.p7m");

        Assert.Equal((reason, 0), (file.Reason, file.Invoices.Count));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Notification_of_such_bytes_is_none(string name) =>
        Assert.Null(NotificationReader.Read(Files[name].Make(), Notification));

    [Theory]
    [InlineData("UTF-16")]
    [InlineData("UTF-32")]
    [InlineData("iso-10646-ucs-2")]
    [InlineData("ASCII")]
    public void Wrongly_declared_encoding_is_no_reason_to_refuse(string encoding)
    {
        var file = ReceivedFileReader.Read(Spoilt("UTF-8", encoding), "a.xml");

        Assert.Equal("FV/2026-77", Assert.Single(file.Invoices).General.Number);
    }

    [Fact]
    public void Large_invoice_is_read()
    {
        const int Lines = 9999;
        var start = ReceivedVariants.Text.IndexOf("<DettaglioLinee>", StringComparison.Ordinal);
        var end = ReceivedVariants.Text.IndexOf("<DatiRiepilogo>", StringComparison.Ordinal);
        var line = ReceivedVariants.Text[start..end];

        var file = ReceivedFileReader.Read(Spoilt(line, string.Concat(Enumerable.Repeat(line, Lines))), "a.xml");

        Assert.Equal(Lines, Assert.Single(file.Invoices).Lines.Count);
    }

    private static byte[] Spoilt(string old, string changed)
    {
        Assert.Contains(old, ReceivedVariants.Text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(ReceivedVariants.Text.Replace(old, changed, StringComparison.Ordinal));
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static string Nested(int depth) => Repeated("<a>", 3 * depth) + Repeated("</a>", 4 * depth);

    private static string Repeated(string text, int length) =>
        new StringBuilder().Insert(0, text, length / text.Length).ToString();

    private static string Numbered(int count, string text) => string.Concat(Enumerable.Range(0, count)
        .Select(number => text.Replace("#", $"{number}", StringComparison.Ordinal)));

    private static byte[] Repeated(byte[] bytes, int length) =>
        [.. Enumerable.Repeat(bytes, length / bytes.Length).SelectMany(static part => part)];

    private static string Entities(int levels) =>
        $"<!DOCTYPE a [<!ENTITY e0 \"a\">{string.Concat(Enumerable.Range(1, levels).Select(i =>
            $"<!ENTITY e{i} \"&e{i - 1};&e{i - 1};&e{i - 1};&e{i - 1};\">"))}]><a>&e{levels};</a>";

    // Signed data of any length around a content.
    private static byte[] Signed(byte[] content) =>
    [
        0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02, 0xA0, 0x80, 0x30, 0x80, 0x02,
        0x01, 0x01, 0x31, 0x00, 0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01, 0xA0,
        0x80,
        .. content, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
}
