using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace ECommerce.Mocks.FatturaPa.Pool;

/// <summary>Links with a signature, as those of Azure: each opens one path of one account for a time.</summary>
internal sealed class Links(IOptions<ProviderOptions> options, TimeProvider time)
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    public Uri Create(HttpRequest request, string path)
    {
        var expires = time.GetUtcNow().AddSeconds(options.Value.LinkSeconds).ToUnixTimeSeconds()
            .ToString(CultureInfo.InvariantCulture);
        return new Uri(
            $"{request.Scheme}://{request.Host}{path}?sv=2017-11-09&se={expires}&sig={Sign(path, expires)}");
    }

    public bool IsValid(HttpRequest request)
    {
        var expires = request.Query["se"].ToString();
        return long.TryParse(expires, CultureInfo.InvariantCulture, out var seconds)
            && time.GetUtcNow().ToUnixTimeSeconds() < seconds
            && CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(Sign(Uri.UnescapeDataString(request.Path), expires)),
                Encoding.ASCII.GetBytes(request.Query["sig"].ToString()));
    }

    private string Sign(string path, string expires) =>
        WebEncoders.Base64UrlEncode(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{path}\n{expires}")));
}
