using System.Net.Http.Headers;
using System.Text;
using ECommerce.Features.Accounts;
using ECommerce.Features.Common.Identity;
using ECommerce.TestSupport;
using Microsoft.Extensions.Configuration;

namespace ECommerce.Benchmarks.Http;

/// <summary>The API in a process of its own, in the environment "Benchmark".</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private const string SigningKey = "a-signing-key-that-is-only-for-benchmarks-0123456789";
    private static readonly byte[] DataProtectionKey = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef");

    private readonly ChildProcess _process;

    private ApiProcess(ChildProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Of the process, unless it was started on certain cores.</summary>
    public int Id => _process.Id;

    /// <param name="mySql">The database.</param>
    /// <param name="redis">Redis.</param>
    /// <param name="bodies">What bare endpoints write.</param>
    /// <param name="cores">The cores that the process runs on, as taskset lists them; null: all.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<ApiProcess> StartAsync(
        string mySql, string redis, BareBodies bodies, string? cores = null,
        params IEnumerable<(string Name, string Value)> settings)
    {
        var address = new Uri($"http://127.0.0.1:{ChildProcess.FreePort()}");
        // The sibling of this program's folder in the single output tree.
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var folder = Path.Combine(own.Parent!.Parent!.FullName, "ECommerce.Api", own.Name);
        var process = ChildProcess.Start(
            cores is null ? "dotnet" : "taskset",
            [.. cores is null ? Array.Empty<string>() : ["-c", cores, "dotnet"],
                Path.Combine(folder, "ECommerce.Api.dll")],
        [
            // The content root holds the API's appsettings, which set the log levels.
            ("ASPNETCORE_CONTENTROOT", folder),
            ("ASPNETCORE_ENVIRONMENT", "Benchmark"),
            ("ASPNETCORE_URLS", address.ToString()),
            ("BENCHMARK_BODY", bodies.Plain),
            ("BENCHMARK_COMPRESSED", Convert.ToBase64String(bodies.Compressed)),
            ("ConnectionStrings__ecommerce", mySql),
            ("ConnectionStrings__redis", redis),
            ("JWT_SIGNING_KEY", SigningKey),
            ("DATA_PROTECTION_KEY", Convert.ToBase64String(DataProtectionKey)),
            ("CACHE_KEY_SALT", "a-salt-that-is-only-for-benchmarks"),
            .. settings,
        ]);
        using var client = new HttpClient { BaseAddress = address };
        await process.UntilAsync(async () => await IsReadyAsync(client));
        return new ApiProcess(process, address);
    }

    /// <summary>A token as the login issues it.</summary>
    public static AuthenticationHeaderValue Token()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("JWT_SIGNING_KEY", SigningKey)]);
        var tokens = new AccessTokens(TokenSettings.Read(configuration.Build()), TimeProvider.System);
        var token = tokens.Create(1, "bench.admin", Seed.Tenant, Roles.Admin, version: 0).Token;
        return new AuthenticationHeaderValue("Bearer", token);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <summary>What bare endpoints write: the responses that they are compared with.</summary>
internal sealed record BareBodies(string Plain, byte[] Compressed)
{
    public static BareBodies None { get; } = new("", []);
}
