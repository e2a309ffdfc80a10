using ECommerce.Features.Common.Settings;
using ECommerce.Features.Invoices.Channel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Invoices.Incoming;

/// <summary>
/// Failures of the provider as responses, with texts of this program: what the provider wrote is not repeated.
/// </summary>
internal static class ProviderProblems
{
    public static ProblemHttpResult KeyMissing() => Problems.Unprocessable(
        "fatturapa_key_missing",
        $"The setting {KnownSettings.FatturaPaApiKey.Name} is not set: without the key of an account there is no "
        + "pool.");

    public static ProblemHttpResult Busy() => Problems.Unavailable(
        "fatturapa_download_running", "The file is being downloaded by another request; try again.");

    /// <summary>503 where the same request may succeed later, 502 otherwise.</summary>
    public static ProblemHttpResult From(FatturaPaException failure) => failure.Fault switch
    {
        ProviderFault.InvalidKey => Problems.BadGateway(
            "fatturapa_key_refused",
            $"The provider does not accept the API key: check the setting {KnownSettings.FatturaPaApiKey.Name}."),
        ProviderFault.TooManyRequests => Problems.Unavailable(
            "fatturapa_unavailable", "The provider asks for fewer requests."),
        ProviderFault.Unreachable => Problems.Unavailable(
            "fatturapa_unavailable", "The provider could not be reached."),
        ProviderFault.TooSlow => Problems.Unavailable(
            "fatturapa_unavailable", "The provider did not answer in time."),
        ProviderFault.Unavailable or ProviderFault.Broken => Problems.Unavailable(
            "fatturapa_unavailable", "The provider failed."),
        ProviderFault.NotFound => Problems.BadGateway(
            "fatturapa_refused", "The provider lists the file, and does not have it."),
        ProviderFault.ForeignLink => Problems.BadGateway(
            "fatturapa_refused", "A link of the provider leads to a host that is not allowed."),
        ProviderFault.TooLarge => Problems.BadGateway(
            "fatturapa_refused", "The response of the provider is too large."),
        ProviderFault.Unreadable => Problems.BadGateway(
            "fatturapa_refused", "The response of the provider could not be read."),
        _ => Problems.BadGateway("fatturapa_refused", "The provider has refused the request."),
    };
}
