using ECommerce.Features.Common.Secrets;
using Microsoft.Extensions.Options;

namespace ECommerce.Api.Tests.KeyRotation;

public sealed class SecretKeyTests
{
    private const string Value = "0123456789abcdef";

    [Theory]
    [InlineData(Value, "=" + Value)]
    [InlineData("k1:" + Value, "k1=" + Value)]
    [InlineData("k2:x" + Value + " , k1:" + Value, "k2=x" + Value, "k1=" + Value)]
    [InlineData("2026-11_a.b:x" + Value + "," + Value, "2026-11_a.b=x" + Value, "=" + Value)]
    [InlineData("k1:a:b" + Value, "k1=a:b" + Value)]
    public void Keys_are_read_in_their_order_with_or_without_an_id(string text, params string[] keys) =>
        Assert.Equal(keys, Parse(text).Select(key => $"{key.Id}={key.Value}"));

    [Theory]
    [InlineData(null, "item 1 must have at least 16")]
    [InlineData("", "item 1 must have at least 16")]
    [InlineData("short", "item 1 must have at least 16")]
    [InlineData("k1:short", "item 1 must have at least 16")]
    [InlineData("k1:" + Value + ",", "item 2 must have at least 16")]
    [InlineData(":" + Value, "item 1 has a key id that is not allowed")]
    [InlineData("k 1:" + Value, "item 1 has a key id that is not allowed")]
    [InlineData("ké:" + Value, "item 1 has a key id that is not allowed")]
    [InlineData("k23456789012345678901234567890123:" + Value, "item 1 has a key id that is not allowed")]
    [InlineData("k1:" + Value + ",k1:x" + Value, "item 2 repeats a key id")]
    [InlineData(Value + ",x" + Value, "item 2 is another key without an id")]
    public void Wrong_key_is_refused_by_its_number_and_without_its_text(string? text, string fault)
    {
        var failure = Assert.Single(Assert.Throws<OptionsValidationException>(() => Parse(text)).Failures);

        Assert.StartsWith($"THE_KEY: {fault}", failure);
        Assert.DoesNotContain(Value, failure);
    }

    [Fact]
    public void At_most_ten_keys_are_read()
    {
        static string Keys(int count) => string.Join(',', Enumerable.Range(1, count).Select(i => $"k{i}:{Value}"));

        Assert.Equal(10, Parse(Keys(10)).Count);
        Assert.Throws<OptionsValidationException>(() => Parse(Keys(11)));
    }

    private static IReadOnlyList<SecretKey> Parse(string? text) =>
        SecretKey.Parse("THE_KEY", text, static value => value.Length >= 16, "16 characters");
}
