using System.Text;
using ECommerce.Features.Invoices.Receiving;

namespace ECommerce.Api.Tests.Invoices.Receiving;

public sealed class UnreadableFileTests
{
    private const string Entities =
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
        + "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><a>&c;</a>";

    private const string External =
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>";

    public static TheoryData<string, string> Files => new()
    {
        { "", nameof(UnreadableReason.Empty) },
        { " \r\n ", nameof(UnreadableReason.Empty) },
        { Entities, nameof(UnreadableReason.Hostile) },
        { External, nameof(UnreadableReason.Hostile) },
        { "<a", nameof(UnreadableReason.BrokenXml) },
        { "<?xml version=\"1.0\" encoding=\"x-none\"?><a/>", nameof(UnreadableReason.BrokenXml) },
        { "<html><body>404</body></html>", nameof(UnreadableReason.NoInvoice) },
        { "<FatturaElettronica/>", nameof(UnreadableReason.NoInvoice) },
        { "{\"error\":\"not found\"}", nameof(UnreadableReason.UnknownForm) },
        { "%PDF-1.7", nameof(UnreadableReason.UnknownForm) },
        { "MIIPMQYJKoZIhvcNAQcCoIIPIjCCDx4CAQExDTALBglghkgBZQMEAgEwgglC", nameof(UnreadableReason.UnknownForm) },
        { "-----BEGIN PKCS7-----\n-----END PKCS7-----", nameof(UnreadableReason.UnknownForm) },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void File_is_refused_with_its_reason(string text, string reason)
    {
        var file = ReceivedFileReader.Read(Encoding.UTF8.GetBytes(text), "IT01234567897_00001.xml");

        Assert.Equal(reason, file.Reason.ToString());
        Assert.Empty(file.Invoices);
        Assert.NotNull(file.Detail);
    }

    [Fact]
    public void Signed_file_of_something_else_is_refused() => Assert.Equal(
        nameof(UnreadableReason.UnknownForm), Reason(ReceivedVariants.Sign("%PDF-1.7\n%not an invoice"u8.ToArray())));

    [Fact]
    public void Signed_file_with_a_document_type_is_refused() => Assert.Equal(
        nameof(UnreadableReason.Hostile), Reason(ReceivedVariants.Sign(Encoding.UTF8.GetBytes(External))));

    [Theory]
    [InlineData((5 * 1024 * 1024) + 1, nameof(UnreadableReason.TooLarge))]
    [InlineData(4 * 1024 * 1024, nameof(UnreadableReason.NoInvoice))]
    public void Size_is_limited(int size, string reason) =>
        Assert.Equal(reason, Reason(Encoding.ASCII.GetBytes("<a>" + new string('b', size - 7) + "</a>")));

    [Fact]
    public void Too_many_signatures_are_refused()
    {
        var signed = ReceivedVariants.All["plain.xml"];
        for (var i = 0; i < 12; i++)
            signed = ReceivedVariants.Sign(signed);

        Assert.Equal(nameof(UnreadableReason.UnknownForm), Reason(signed));
    }

    // A hundred thousand elements in one another.
    [Fact]
    public void Deeply_nested_elements_do_not_end_the_process()
    {
        const int Depth = 100_000;
        var text = new StringBuilder();
        text.Insert(0, "<a>", Depth).Append(new StringBuilder().Insert(0, "</a>", Depth));

        Assert.Equal(nameof(UnreadableReason.Hostile), Reason(Encoding.ASCII.GetBytes(text.ToString())));
    }

    [Theory]
    [InlineData("der.xml.p7m")]
    [InlineData("ber.xml.p7m")]
    [InlineData("base64.xml.p7m")]
    [InlineData("plain.xml")]
    public void No_cut_or_changed_file_throws(string name)
    {
        var bytes = ReceivedVariants.All[name];
        var random = new Random(77);
        for (var i = 0; i < 300; i++)
        {
            var cut = bytes[..random.Next(bytes.Length)];
            var changed = bytes.ToArray();
            for (var j = 0; j < 3; j++)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);

            Assert.False(ReceivedFileReader.Read(cut, name) is { IsReadable: true, Invoices: [] });
            Assert.NotNull(ReceivedFileReader.Read(changed, name));
        }
    }

    private static string? Reason(byte[] file) => ReceivedFileReader.Read(file, "a.xml").Reason?.ToString();
}
