using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Shops;

public sealed class ShopsTests(ApiFixture fixture)
{
    private const string Key = "KEY0KEY1KEY2KEY3KEY4KEY5KEY6KEY7";
    private readonly HttpClient _admin = fixture.As("acme.admin");

    [Fact]
    public async Task An_api_key_is_written_and_never_read()
    {
        using var response = await _admin.CallAsync(
            HttpMethod.Post, "/api/v1/shops",
            new { name = "Second shop", base_url = "https://shop.example/", api_key = Key });
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var created = await response.JsonAsync();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("https://shop.example", (string?)created["base_url"]);
        Assert.DoesNotContain(Key, text);
        Assert.DoesNotContain(Key, await _admin.TextAsync("/api/v1/shops"));
        Assert.DoesNotContain("api_key", await _admin.TextAsync($"/api/v1/shops/{created["id"]}"));
    }

    [Fact]
    public async Task An_api_key_stands_encrypted_and_opens_for_its_own_tenant_only()
    {
        var created = await _admin.PostJsonAsync(
            "/api/v1/shops", new { name = "Third shop", base_url = "https://shop.example", api_key = Key });
        var id = (int)created["id"]!;
        var secrets = fixture.Services.GetRequiredService<ShopSecrets>();

        var stored = Assert.Single(
            await fixture.QueryAsync<byte[]>("SELECT api_key FROM shops WHERE id = @id", new { id }));
        var access = await secrets.FindAsync(new Tenant("acme"), id, TestContext.Current.CancellationToken);

        Assert.DoesNotContain(Key[..8], System.Text.Encoding.Latin1.GetString(stored));
        Assert.Equal(Key, access!.ApiKey);
        Assert.Null(await secrets.FindAsync(new Tenant("globex"), id, TestContext.Current.CancellationToken));
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() =>
            fixture.Services.GetRequiredService<SecretProtector>()
                .Unprotect(stored, ShopSecrets.Purpose(new Tenant("globex"))));
    }

    [Fact]
    public async Task The_longest_request_of_a_shop_is_a_setting_of_a_minute_by_default()
    {
        var shop = new { name = "Slow shop", base_url = "https://shop.example", api_key = Key };
        var created = await _admin.PostJsonAsync("/api/v1/shops", shop);
        var path = $"/api/v1/shops/{created["id"]}";

        var changed = await _admin.PutJsonAsync(
            path, new { shop.name, shop.base_url, max_execution_seconds = 300 });
        using var tooLong = await _admin.CallAsync(
            HttpMethod.Put, path, new { shop.name, shop.base_url, max_execution_seconds = 601 });

        Assert.Equal(60, (int)created["max_execution_seconds"]!);
        Assert.Equal(300, (int)changed["max_execution_seconds"]!);
        Assert.Equal(300, (int)(await _admin.GetJsonAsync(path))["max_execution_seconds"]!);
        await tooLong.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "max_execution_seconds");
    }

    [Fact]
    public async Task A_change_keeps_the_key_unless_the_address_changes()
    {
        var created = await _admin.PostJsonAsync(
            "/api/v1/shops", new { name = "Fourth shop", base_url = "https://shop.example", api_key = Key });
        var path = $"/api/v1/shops/{created["id"]}";
        await _admin.GetJsonAsync(path);
        await _admin.GetJsonAsync("/api/v1/shops");

        var renamed = await _admin.PutJsonAsync(
            path, new { name = "Renamed", base_url = "https://shop.example", is_active = true });
        using (var moved = await _admin.CallAsync(
            HttpMethod.Put, path, new { name = "Renamed", base_url = "https://thief.example" }))
        {
            await moved.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "api_key");
        }

        await _admin.PutJsonAsync(
            path, new { name = "Renamed", base_url = "https://new.example", api_key = "new-key" });
        var listed = (await _admin.GetJsonAsync("/api/v1/shops"))["items"]!.AsArray()
            .Single(shop => (int)shop!["id"]! == (int)created["id"]!)!;
        var access = await fixture.Services.GetRequiredService<ShopSecrets>().FindAsync(
            new Tenant("acme"), (int)created["id"]!, TestContext.Current.CancellationToken);

        Assert.Equal(("Renamed", 3), ((string)listed["name"]!, (int)listed["row_version"]!));
        Assert.Equal(("Renamed", 2), ((string)renamed["name"]!, (int)renamed["row_version"]!));
        Assert.Equal(("https://new.example/", "new-key"), (access!.BaseUrl.ToString(), access.ApiKey));
        Assert.Equal("https://new.example", (string?)(await _admin.GetJsonAsync(path))["base_url"]);
    }

    [Fact]
    public async Task The_list_names_the_shops_without_their_addresses()
    {
        var shops = await fixture.As("acme.user").GetJsonAsync("/api/v1/shops");

        var demo = shops["items"]!.AsArray().Single(shop => (int)shop!["id"]! == 1)!;
        Assert.Null(demo["base_url"]);
        Assert.DoesNotContain(shops["items"]!.AsArray(), shop => (int)shop!["id"]! == 2);
    }

    [Theory]
    [InlineData("ftp://shop.example")]
    [InlineData("file:///etc/passwd")]
    [InlineData("shop.example")]
    [InlineData("//shop.example")]
    [InlineData("http://user:secret@shop.example")]
    [InlineData("http://shop.example/?a=1")]
    [InlineData(" http://shop.example")]
    [InlineData("http://shop.example\n")]
    [InlineData("http://shop.example/a b")]
    [InlineData("")]
    public async Task An_address_that_is_no_shops_is_refused(string url)
    {
        using var response = await _admin.CallAsync(
            HttpMethod.Post, "/api/v1/shops", new { name = "Shop", base_url = url, api_key = Key });

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "base_url");
    }

    [Theory]
    [InlineData("KEY\n")]
    [InlineData("KEY\r\nX-Injected: 1")]
    [InlineData("KEY 1")]
    public async Task Api_key_that_would_break_its_header_is_refused(string key)
    {
        using var created = await _admin.CallAsync(
            HttpMethod.Post, "/api/v1/shops", new { name = "Shop", base_url = "http://shop.example", api_key = key });
        using var changed = await _admin.CallAsync(
            HttpMethod.Put, "/api/v1/shops/1", new { name = "Shop", base_url = "http://shop.example", api_key = key });

        await created.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "api_key");
        await changed.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "api_key");
    }
}
