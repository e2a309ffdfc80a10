using System.Globalization;
using ECommerce.Features.Common.Settings;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Issuing;
using ECommerce.Features.Invoices.Sending;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Invoices.Incoming;

/// <summary>
/// Failures of the provider as responses, with texts of this program: what the provider wrote is not repeated.
/// </summary>
internal static class ProviderProblems
{
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(5);

    public static ProblemHttpResult KeyMissing() =>
        InvoiceProblems.SettingsMissing([KnownSettings.FatturaPaApiKey.Name]);

    /// <summary>Another request goes on downloading the file.</summary>
    public static ProblemHttpResult Busy(HttpContext http) => Unavailable(
        http, BusyPause, "download_in_progress", "The file is being downloaded by another request.");

    /// <summary>
    /// 503 where the same request may succeed later, 422 where the setting has to be changed, 502 otherwise.
    /// </summary>
    public static ProblemHttpResult From(FatturaPaException failure, HttpContext http)
    {
        var text = failure.Fault switch
        {
            ProviderFault.InvalidKey => "The provider does not accept the API key, or it is none.",
            ProviderFault.TooManyRequests => "The provider asks for fewer requests.",
            ProviderFault.Unreachable => "The provider could not be reached.",
            ProviderFault.TooSlow => "The provider did not answer in time.",
            ProviderFault.Unavailable or ProviderFault.Broken => "The provider failed.",
            ProviderFault.NotFound => "The provider lists the file, and does not have it.",
            ProviderFault.ForeignLink => "A link of the provider leads to a host that is not allowed.",
            ProviderFault.TooLarge => "The response of the provider is too large.",
            ProviderFault.Unreadable => "The response of the provider could not be read.",
            _ => "The provider has refused the request.",
        };
        if (failure.Fault == ProviderFault.InvalidKey)
            return SendProblems.KeyRefused(KnownSettings.FatturaPaApiKey.Name, text);
        return failure.IsTransient
            ? Unavailable(http, failure.RetryAfter ?? SendProblems.DefaultPause, "provider_unavailable", text)
            : Problems.BadGateway("provider_failed", text);
    }

    private static ProblemHttpResult Unavailable(HttpContext http, TimeSpan wait, string code, string text)
    {
        http.Response.Headers.RetryAfter =
            Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problems.Unavailable(code, text);
    }
}
