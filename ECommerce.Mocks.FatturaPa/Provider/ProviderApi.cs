using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ECommerce.Mocks.FatturaPa.Provider;

/// <summary>The provider's calls; so far the check of the key.</summary>
internal static class ProviderApi
{
    public static void MapProvider(this IEndpointRouteBuilder app)
    {
        var rest = app.MapGroup("/ws/V10.svc/rest");

        rest.MapGet("/Verify/{key}", Verify);
    }

    private static Results<Ok<bool>, WcfFault> Verify(string key, IOptions<ProviderOptions> options) =>
        IsKey(key, options.Value.Key)
            ? TypedResults.Ok(true)
            : new WcfFault(StatusCodes.Status403Forbidden, "Sender", "Invalid key");

    private static bool IsKey(string key, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(expected));
}
