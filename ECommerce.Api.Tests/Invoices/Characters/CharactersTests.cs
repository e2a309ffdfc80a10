using ECommerce.Features.Invoices.Characters;

namespace ECommerce.Api.Tests.Invoices.Characters;

public sealed class CharactersTests
{
    [Theory]
    [InlineData("Caffè", "Caffè")]
    [InlineData("40 €", "40 EUR")]
    [InlineData("“Świeca” – l’O’Neill…", "'Swieca' - l'O'Neill...")]
    [InlineData("Łódź Đorđe Şişli ǎ Ț", "Lódz Dorde Sisli a T")]
    [InlineData("Nguyễn Thị", "Nguyen Thi")]
    [InlineData("Cafe\u0301 nin\u0303o a\u0328", "Café niño a")]
    [InlineData("Œuvre ẞ ﬁne", "OEuvre SS fine")]
    [InlineData("a\r\n\tb  c\u00A0d\u2028e", "a b c d e")]
    [InlineData("Torta 🎂 ❤️ ok", "Torta ok")]
    [InlineData("Ж茶", "Zh?")]
    [InlineData("\u0080\u0007x\uD83D", "x")]
    [InlineData(null, "")]
    public void Text_is_written_in_Latin_1(string? text, string written) =>
        Assert.Equal(written, Transliteration.ToLatin1(text));

    [Theory]
    [InlineData("15/Ä", "15/A")]
    [InlineData("5° ½ ß ñ €", "5o ss n EUR")]
    public void Text_is_written_in_ASCII(string text, string written) =>
        Assert.Equal(written, Transliteration.ToAscii(text));

    [Fact]
    public void Every_character_is_written_in_Latin_1()
    {
        for (var c = 0; c <= 0xFFFF; c++)
        {
            var written = Transliteration.ToLatin1($"a{(char)c}b");

            Assert.All(written, letter => Assert.True(letter is >= ' ' and < '\u007F' or > '\u00A0' and <= '\u00FF'));
            Assert.All(Transliteration.ToAscii(((char)c).ToString()), letter => Assert.InRange(letter, ' ', '~'));
        }
    }

    [Theory]
    [InlineData("北京", true)]
    [InlineData("北京 Ltd", false)]
    [InlineData("Москва", false)]
    [InlineData("12", false)]
    [InlineData("", false)]
    public void Text_without_letters_that_can_be_written_is_lost(string text, bool isLost) =>
        Assert.Equal(isLost, Transliteration.IsLost(text));

    [Theory]
    [InlineData("+39 081 555-0100", "390815550100")]
    [InlineData("0039 081 5550100", "0815550100")]
    [InlineData("tel. 0815550100", "0815550100")]
    [InlineData("12", null)]
    [InlineData("1234567890123", null)]
    public void Phone_is_cleaned_or_left_out(string text, string? phone) => Assert.Equal(phone, FieldText.Phone(text));

    [Theory]
    [InlineData(" laura@pec.example.it ", "laura@pec.example.it")]
    [InlineData("mailto:laura@pec.example.it", "laura@pec.example.it")]
    [InlineData("laura@pec", null)]
    [InlineData("laura.@pec.example.it", null)]
    [InlineData("laura bianchi@pec.example.it", null)]
    [InlineData("làura@pec.example.it", null)]
    public void Address_of_mail_is_cleaned_or_left_out(string text, string? email) =>
        Assert.Equal(email, FieldText.Email(text));

    [Theory]
    [InlineData("it60 x054 2811 1010 0000 0123 456", "IT60X0542811101000000123456")]
    [InlineData("IT61X0542811101000000123456", null)]
    [InlineData("DE89370400440532013000", "DE89370400440532013000")]
    [InlineData("IT60", null)]
    public void IBAN_is_cleaned_or_left_out(string text, string? iban) => Assert.Equal(iban, FieldText.Iban(text));
}
