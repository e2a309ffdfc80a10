using Refit;

namespace ECommerce.Features.Invoices.Channel;

/// <summary>
/// The provider's calls, as far as they are used. The API key is a part of each path, and every call is GET, also those
/// that change something. Every status is returned: its meaning is decided where the body is read.
/// </summary>
internal interface IFatturaPaProvider
{
    [Get("/verify/{key}")]
    Task<HttpResponseMessage> VerifyAsync(string key, CancellationToken ct);

    /// <summary>A link to which the file is to be written.</summary>
    [Get("/UploadStart1/{key}/{fileName}")]
    Task<HttpResponseMessage> StartUploadAsync(string key, string fileName, CancellationToken ct);

    /// <summary>Sends the file to the SDI: once more for each call.</summary>
    [Get("/UploadStop/{key}/{name}")]
    Task<HttpResponseMessage> StopUploadAsync(string key, string name, CancellationToken ct);

    /// <summary>A link to the table of events.</summary>
    [Get("/pool/{key}")]
    Task<HttpResponseMessage> PoolAsync(string key, CancellationToken ct);
}
