using System.Net;
using System.Text;
using ECommerce.Api.Tests.Accounts;
using ECommerce.Features.Common.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Settings;

/// <summary>A secret is written, used by the program, and never shown.</summary>
public sealed class SecretSettingTests(ApiFixture fixture)
{
    private const string Path = "/api/v1/config/fatturapa.api_key";
    // Other tests send with it.
    private const string Secret = ApiFixture.ProviderKey;

    private static readonly Tenant Acme = new("acme");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secret_is_encrypted_at_rest_never_returned_never_cached_and_opened_for_its_tenant_only()
    {
        var admin = fixture.As("acme.admin");

        var texts = new StringBuilder((await admin.PutJsonAsync(Path, new { value = Secret })).ToJsonString());
        foreach (var path in new[] { Path, "/api/v1/config", Path, "/api/v1/config" })
            texts.Append(await admin.TextAsync(path));

        Assert.DoesNotContain(Secret, texts.ToString(), StringComparison.Ordinal);
        var read = await admin.GetJsonAsync(Path);
        Assert.Equal((true, true), ((bool)read["is_set"]!, (bool)read["is_secret"]!));
        Assert.Null(read["value"]);
        var (value, stored) = Assert.Single(await fixture.QueryAsync<(string? Value, byte[] Secret)>(
            "SELECT value, secret_value FROM settings WHERE tenant_id = 'acme' AND name = 'fatturapa.api_key'"));
        Assert.Null(value);
        Assert.DoesNotContain(Secret, Encoding.Latin1.GetString(stored), StringComparison.Ordinal);
        Assert.Empty(await fixture.QueryAsync<string>(
            "SELECT detail FROM change_audit WHERE detail LIKE CONCAT('%', @Secret, '%')", new { Secret }));

        var settings = fixture.Services.GetRequiredService<TenantSettings>();
        Assert.Equal(Secret, await settings.SecretAsync(Acme, KnownSettings.FatturaPaApiKey, Ct));
        Assert.Null(await settings.SecretAsync(new Tenant("globex"), KnownSettings.FatturaPaApiKey, Ct));
        // Bound to its tenant and its name: a copy does not open elsewhere.
        var protector = fixture.Services.GetRequiredService<SecretProtector>();
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() =>
            protector.Unprotect(stored, TenantSettings.Purpose(new Tenant("globex"), "fatturapa.api_key")));
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() =>
            protector.Unprotect(stored, TenantSettings.Purpose(Acme, "other")));
    }

    [Fact]
    public async Task Secret_that_is_reset_is_deleted()
    {
        const string tenant = "globex";
        var admin = fixture.As($"{tenant}.admin");
        await admin.PutJsonAsync(Path, new { value = Secret });

        using var reset = await admin.CallAsync(HttpMethod.Delete, Path);

        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        Assert.Null(Assert.Single(await fixture.QueryAsync<byte[]?>(
            "SELECT secret_value FROM settings WHERE tenant_id = @tenant AND name = 'fatturapa.api_key'",
            new { tenant })));
        Assert.False((bool)(await admin.GetJsonAsync(Path))["is_set"]!);
    }

    [Fact]
    public async Task Rotation_of_the_key_encrypts_secret_settings_anew()
    {
        const string old = "0123456789abcdef0123456789abcdef";
        const string next = "fedcba9876543210fedcba9876543210";
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using (var before = Api($"{old}"))
        {
            await before.StartAsync();
            var token = before.Token(1, "acme.admin", "acme", Roles.Admin);
            await before.With(token).PutJsonAsync(Path, new { value = Secret });
        }

        var command = await CommandProcess.RunAsync(
            [
                .. ApiFactory.Environment(database, fixture.Redis.ConnectionString),
                ("DATA_PROTECTION_KEY", $"k2:{next},{old}"),
            ], "", "secrets", "reencrypt");

        Assert.Equal((0, ""), (command.ExitCode, command.Error));
        await using var after = Api($"k2:{next}");
        await after.StartAsync();
        Assert.Equal(
            Secret,
            await after.Services.GetRequiredService<TenantSettings>()
                .SecretAsync(Acme, KnownSettings.FatturaPaApiKey, Ct));

        ApiFactory Api(string keys) =>
            new(database, fixture.Redis.ConnectionString, settings: [("DATA_PROTECTION_KEY", keys)]);
    }
}
