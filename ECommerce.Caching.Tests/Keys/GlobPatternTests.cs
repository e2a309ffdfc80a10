using ECommerce.Caching.Keys;

namespace ECommerce.Caching.Tests.Keys;

public class GlobPatternTests
{
    [Fact]
    public async Task Memory_reads_patterns_as_redis_does()
    {
        await using var redis = await RedisServer.StartAsync();
        using var client = redis.Connect();
        var server = client.GetServer(client.GetEndPoints()[0]);
        var random = new Random(20261125);
        string[] keys = [.. Enumerable.Range(0, 400).Select(_ => Text("abc:-]^\\*?[", random.Next(1, 7))).Distinct()];
        foreach (var key in keys)
            await client.GetDatabase().StringSetAsync(key, "1");

        for (var i = 0; i < 1500; i++)
        {
            var pattern = Text("abc:*?[]^-\\", random.Next(1, 8));
            var expected = server.Keys(pattern: pattern, pageSize: 1000).Select(key => (string)key!).ToHashSet();
            var actual = keys.Where(key => new GlobPattern(pattern).Matches(key)).ToHashSet();
            Assert.True(expected.SetEquals(actual),
                $"'{pattern}': Redis has {string.Join(' ', expected.Except(actual))}, memory has "
                + $"{string.Join(' ', actual.Except(expected))}");
        }

        string Text(string alphabet, int length) =>
            string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));
    }

    [Fact]
    public async Task Redis_finds_at_least_what_memory_matches_of_keys_beyond_ascii()
    {
        await using var redis = await RedisServer.StartAsync();
        using var client = redis.Connect();
        var server = client.GetServer(client.GetEndPoints()[0]);
        var random = new Random(20261128);
        string[] keys = [.. Enumerable.Range(0, 400).Select(_ => Text("aè€😀:[", random.Next(1, 6))).Distinct()];
        foreach (var key in keys)
            await client.GetDatabase().StringSetAsync(key, "1");

        for (var i = 0; i < 1000; i++)
        {
            var pattern = Text("aè€:*?[]^-\\", random.Next(1, 8));
            var found = server.Keys(pattern: GlobPattern.InBytes(pattern), pageSize: 1000)
                .Select(key => (string)key!).ToHashSet();
            var missing = keys.Where(key => new GlobPattern(pattern).Matches(key) && !found.Contains(key)).ToArray();
            Assert.True(missing.Length == 0, $"'{pattern}' misses {string.Join(' ', missing)}");
        }

        string Text(string alphabet, int length) => string.Concat(
            Enumerable.Range(0, length).Select(_ =>
            {
                var runes = alphabet.EnumerateRunes().ToArray();
                return runes[random.Next(runes.Length)].ToString();
            }));
    }
}
