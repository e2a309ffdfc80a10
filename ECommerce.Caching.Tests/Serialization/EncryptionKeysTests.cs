using System.Text;
using ECommerce.Caching.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.Caching.Tests.Serialization;

public class EncryptionKeysTests
{
    // 32 bytes.
    private const string Secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    [Theory]
    [InlineData("k1:" + Secret, "k1")]
    [InlineData("k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY", "k1")]
    [InlineData("2026-11.b_c:" + Secret, "2026-11.b_c")]
    [InlineData(" new:" + Secret + " , old:" + Secret, "new")]
    public void The_first_key_writes_and_all_of_them_read(string text, string first)
    {
        var keys = EncryptionKeys.Parse(text);

        Assert.Equal(first, keys.Writing!.Id);
        Assert.Equal(text.Contains("old", StringComparison.Ordinal), keys.Find("old") is not null);
    }

    [Fact]
    public void Any_43_letters_and_digits_are_a_key()
    {
        const string characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

        Assert.All(characters, c => Assert.NotNull(EncryptionKeys.Parse("k1:" + new string(c, 43)).Writing));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Without_a_key_nothing_is_encrypted(string text) => Assert.Null(EncryptionKeys.Parse(text).Writing);

    [Theory]
    [InlineData(Secret, "item 1 has no key id")]
    [InlineData(":" + Secret, "item 1 has a key id that is not allowed")]
    [InlineData("a b:" + Secret, "item 1 has a key id that is not allowed")]
    [InlineData("però:" + Secret, "item 1 has a key id that is not allowed")]
    [InlineData("k12345678901234567890123456789012:" + Secret, "item 1 has a key id that is not allowed")]
    [InlineData("k1:" + Secret + ",k1:" + Secret, "item 2 repeats a key id")]
    [InlineData("k1:" + Secret + ",", "item 2 has no key id")]
    [InlineData("k1:not*base64*at*all", "item 1 is not base64 of 32 bytes")]
    [InlineData("k1:", "item 1 is not base64 of 32 bytes")]
    [InlineData("k1:MDEyMzQ1Njc4OWFiY2RlZg==", "item 1 is not base64 of 32 bytes")]
    [InlineData("k1:" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYw", "item 1 is not base64 of 32 bytes")]
    public void A_wrong_setting_is_refused_in_one_line_that_keeps_the_secret(string text, string what)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("CACHE_ENCRYPTION_KEY", (string?)text)]).Build();

        var refusal = Assert.Throws<OptionsValidationException>(() => new CacheSettings(configuration)).Message;

        Assert.StartsWith("CACHE_ENCRYPTION_KEY: " + what, refusal);
        Assert.Contains("allowed is kid:base64[,kid:base64...]", refusal);
        Assert.DoesNotContain('\n', refusal);
        Assert.All(text.Split(':', ',').Where(part => part.Length > 2), part => Assert.DoesNotContain(part, refusal));
    }

    [Fact]
    public void Two_encryptions_of_one_value_have_nothing_in_common()
    {
        var key = new EncryptionKey("k1", Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"));
        byte[] Seal()
        {
            var destination = new byte[64 + EncryptionKey.Overhead];
            key.Seal(new byte[64], "header"u8, destination);
            return destination;
        }

        var (one, two) = (Seal(), Seal());

        Assert.All(Enumerable.Range(0, one.Length - 8), i => Assert.True(two.AsSpan().IndexOf(one.AsSpan(i, 8)) < 0));
        Assert.Equal(new byte[64], key.Open(one, "header"u8));
        Assert.Null(key.Open(one, "Header"u8));
    }
}
