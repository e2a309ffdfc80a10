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
}
