using System.Globalization;

namespace ECommerce.Api.Tests.Fuzz;

/// <summary>
/// Every operation of the OpenAPI document with requests that are valid but for one or two places: no 500, every error
/// is a problem, every accepted write is read back by another replica, and no refused one changes anything.
/// </summary>
public sealed class FuzzTests(ApiFixture fixture)
{
    private const string SeedVariable = "ECOMMERCE_SEED";

    private readonly int _seed = int.TryParse(
        Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var seed)
            ? seed
            : 20261129;

    [Fact]
    public async Task Accepted_write_is_read_back_and_every_error_is_a_problem_under_random_requests()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var first = new ApiFactory(database, redis.ConnectionString);
        await using var second = new ApiFactory(database, redis.ConnectionString);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        var random = new Random(_seed);
        var token = fixture.TokenOf("acme.admin");
        using var run = await FuzzRun.StartAsync(
            first.Anonymous().BaseAddress!, second.With(token), $"Bearer {token}", random);

        await run.SendValidAsync();
        await run.SendSingleFaultsAsync(TestScale.IsFull ? null : 300);
        await run.SendRandomFaultsAsync(TestScale.IsFull ? Math.Max(1_000, 10_000 - run.Count) : 300);
        await run.CompareAllAsync();

        var accepted = string.Join(", ", run.Accepted.Select(pair => $"{pair.Key}: {pair.Value}"));
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {_seed}, {run.Count} requests; accepted: {accepted}");
        Assert.True(
            run.Wrong.Count == 0, $"Seed {_seed}, {run.Wrong.Count} wrong:\n{string.Join('\n', run.Wrong.Take(25))}");
    }
}
