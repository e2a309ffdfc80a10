using ECommerce.Caching.Hashing;

namespace ECommerce.Caching.Tests.Hashing;

public class KeyHashTests
{
    private readonly KeyHash _hash = new();

    [Fact]
    public void A_text_and_a_span_of_the_same_characters_have_one_hash_at_every_length()
    {
        for (var length = 0; length < 100; length++)
        {
            var key = new string('k', length) + "à";
            Assert.Equal(_hash.Calculate(key), _hash.Calculate($"x{key}y".AsSpan(1, key.Length)));
        }
    }

    [Fact]
    public void Keys_that_differ_little_have_different_hashes()
    {
        var keys = Enumerable.Range(0, 20_000).SelectMany(
            i => (string[])[$"order:acme:{i}", $"order:{i}:acme", $"{i}", $"orders:list:acme:{i:D32}",
            $"{i:D16}order:acme:0000"]).Distinct().ToArray();

        var hashes = keys.Select(key => _hash.Calculate(key)).Distinct().Count();

        // By chance about one pair in a hundred thousand keys.
        Assert.InRange(hashes, keys.Length - 20, keys.Length);
    }

    [Fact]
    public void Exchanged_parts_and_other_lengths_change_the_hash()
    {
        string[] keys = [
            "aaaaaaaabbbbbbbb", "bbbbbbbbaaaaaaaa", "aaaaaaaabbbbbbbbb", "aaaaaaaabbbbbbbbcccccccc",
            "ccccccccbbbbbbbbaaaaaaaa", "bbbbbbbbaaaaaaaacccccccc", "", "\0", "\0\0"];

        Assert.Equal(keys.Length, keys.Select(key => _hash.Calculate(key)).Distinct().Count());
    }

    [Fact]
    public void Another_process_has_other_hashes()
    {
        Assert.NotEqual(_hash.Calculate("order:acme:1"), new KeyHash().Calculate("order:acme:1"));
    }
}
