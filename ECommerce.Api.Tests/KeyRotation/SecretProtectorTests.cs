using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace ECommerce.Api.Tests.KeyRotation;

public sealed class SecretProtectorTests
{
    private const string Old = "0123456789abcdef0123456789abcdef";
    private const string New = "fedcba9876543210fedcba9876543210";
    private const string Purpose = "shop-api-key:acme";

    [Theory]
    [InlineData(Old, Old)]
    [InlineData(Old, "k1:" + Old)]
    [InlineData(Old, "k2:" + New + "," + Old)]
    [InlineData(Old, "k2:" + New + ",k1:" + Old)]
    [InlineData("k1:" + Old, "k2:" + New + ",k1:" + Old)]
    [InlineData("k2:" + New + "," + Old, "k2:" + New)]
    [InlineData("k2:" + New, Old + ",k2:" + New)]
    public void Every_key_that_is_listed_decrypts(string encrypting, string decrypting) =>
        Assert.Equal("secrèt", With(decrypting).Unprotect(With(encrypting).Protect("secrèt", Purpose), Purpose));

    [Theory]
    [InlineData(Old, New)]
    [InlineData(Old, "k1:" + New)]
    [InlineData("k1:" + Old, "k1:" + New)]
    [InlineData("k1:" + Old, "k2:" + Old)]
    [InlineData("k1:" + Old, Old)]
    public void Key_that_is_not_listed_is_an_error(string encrypting, string decrypting)
    {
        var stored = With(encrypting).Protect("secret", Purpose);

        Assert.Throws<CryptographicException>(() => With(decrypting).Unprotect(stored, Purpose));
        Assert.Throws<CryptographicException>(() => With(decrypting).Reprotect(stored, Purpose));
    }

    [Fact]
    public void Every_changed_byte_and_every_shorter_value_is_an_error()
    {
        var protector = With("k1:" + Old);
        var stored = protector.Protect("secret", Purpose);

        for (var i = 0; i < stored.Length; i++)
        {
            var changed = stored.ToArray();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(changed, Purpose));
            Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(stored[..i], Purpose));
        }
        Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(stored, "shop-api-key:globex"));
    }

    [Theory]
    [InlineData(Old, "k2:" + New + "," + Old)]
    [InlineData("k1:" + Old, "k2:" + New + ",k1:" + Old)]
    [InlineData("k1:" + Old, New + ",k1:" + Old)]
    [InlineData(Old, New + ",k1:" + Old)]
    [InlineData(Old, "k1:" + Old)]
    public void Value_of_another_key_is_encrypted_with_the_first_one_once(string before, string after)
    {
        var protector = With(after);

        var changed = protector.Reprotect(With(before).Protect("secret", Purpose), Purpose);

        Assert.NotNull(changed);
        Assert.Null(protector.Reprotect(changed, Purpose));
        Assert.Equal("secret", With(after.Split(',')[0]).Unprotect(changed, Purpose));
    }

    // An older version of this program reads it: nodes are upgraded one by one.
    [Fact]
    public void Key_without_an_id_writes_the_format_without_an_id() => Assert.Equal(
        (1, 1 + 12 + 16 + 6),
        With(Old).Protect("secret", Purpose) is var stored ? (stored[0], stored.Length) : default);

    private static SecretProtector With(string keys) => SecretProtector.Read(
        new ConfigurationBuilder().AddInMemoryCollection([new("DATA_PROTECTION_KEY", keys)]).Build());
}
