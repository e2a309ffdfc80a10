using ECommerce.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.Api.Tests.ServiceDefaults;

public sealed class SecretFilesTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"secret-{Guid.NewGuid():N}");

    public static TheoryData<string> Names => [.. SecretFiles.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_secret_is_read_from_the_file_that_is_named(string name)
    {
        File.WriteAllText(_path, " a secret with = and spaces \r\n");

        Assert.Equal(" a secret with = and spaces ", Read((name + "_FILE", _path))[name]);
    }

    [Fact]
    public void Without_a_file_the_setting_itself_counts() =>
        Assert.Equal("direct", Read(("JWT_SIGNING_KEY", "direct"))["JWT_SIGNING_KEY"]);

    [Fact]
    public void A_secret_given_both_ways_stops_the_start() => Assert.Equal(
        "ConnectionStrings__redis and ConnectionStrings__redis_FILE are both set; set one of them.",
        Failure(("ConnectionStrings:redis", "localhost"), ("ConnectionStrings:redis_FILE", _path)));

    [Theory]
    [InlineData("", "is empty.")]
    [InlineData("\n\n", "is empty.")]
    [InlineData(null, "cannot be read: ")]
    public void A_file_without_a_secret_stops_the_start_with_one_line_that_names_it(string? content, string reason)
    {
        if (content is not null)
            File.WriteAllText(_path, content);

        Assert.StartsWith($"DATA_PROTECTION_KEY_FILE names '{_path}', which {reason}", Failure(
            ("DATA_PROTECTION_KEY_FILE", _path)));
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_read()
    {
        File.WriteAllText(_path, new string('x', (64 * 1024) + 1));

        Assert.EndsWith("which is larger than 65536 bytes.", Failure(("CACHE_KEY_SALT_FILE", _path)));
    }

    public void Dispose() => File.Delete(_path);

    private static string Failure(params (string Name, string Value)[] settings) =>
        Assert.Single(Assert.Throws<OptionsValidationException>(() => Read(settings)).Failures);

    private static ConfigurationManager Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value)));
        SecretFiles.Add(configuration);
        return configuration;
    }
}
