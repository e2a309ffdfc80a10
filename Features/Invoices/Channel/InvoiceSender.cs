using System.Net.Http.Headers;
using System.Text.Json;
using ECommerce.Features.Invoices.Channel.Pool;
using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Channel;

/// <summary>
/// Sends files: a link, the bytes, and then the call that hands them to the SDI. That call is made once and never
/// repeated here: a second one sends the file twice, and the SDI discards it for its name (00002). When its response is
/// lost, the pool tells what became of it.
/// </summary>
internal sealed class InvoiceSender(
    IFatturaPaProvider provider, HttpClient storage, ProviderRequests requests, DownloadHosts hosts, PoolReader pool,
    ChannelSettings settings, TimeProvider time)
{
    private const int MaxBytes = 64 << 10;
    private const int LookUps = 3;
    private const string Starting = "Start of the upload";
    private const string Uploading = "Upload";
    private const string Sending = "Sending";

    /// <param name="key">Whose account sends it.</param>
    /// <param name="fileName">The name that the SDI sees.</param>
    /// <param name="file">The bytes.</param>
    /// <param name="lookUpFirst">
    /// An earlier attempt ended <see cref="SendState.Uncertain"/>: the pool is searched first, and the file is sent
    /// only if it is not there. The provider needs time to list a file, so not before minutes have passed.
    /// </param>
    /// <param name="ct">Cancels. If it does so while the file is handed over, the outcome is uncertain.</param>
    public async Task<SendOutcome> SendAsync(
        ProviderKey key, string fileName, ReadOnlyMemory<byte> file, bool lookUpFirst, CancellationToken ct)
    {
        if (!InvoiceFileName.IsValid(fileName))
            throw new ArgumentException("The SDI allows no such name.", nameof(fileName));
        if (lookUpFirst)
        {
            try
            {
                if (await pool.FindSentAsync(key, fileName, file, exceptSdiId: null, ct) is { } there)
                    return new SendOutcome(SendState.Sent) { SdiId = there.SdiId };
            }
            catch (FatturaPaException failure)
            {
                return SendOutcome.Of(SendState.Uncertain, failure);
            }
        }
        string name;
        try
        {
            name = await UploadAsync(key, fileName, file, ct);
        }
        catch (FatturaPaException failure)
        {
            return SendOutcome.Of(
                failure is { Fault: ProviderFault.Refused, IsStated: true } ? SendState.Refused : SendState.NotSent,
                failure);
        }
        return await HandOverAsync(key, fileName, file, name, ct);
    }

    // A link may expire between the two calls; both may be repeated.
    private async Task<string> UploadAsync(
        ProviderKey key, string fileName, ReadOnlyMemory<byte> file, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var started = await requests.RepeatedAsync(
                new Request(Starting, MaxBytes, settings.CallTimeout, key),
                token => provider.StartUploadAsync(key.Reveal(), fileName, token), ct);
            var link = ProviderLink.Read(Starting, started.Body, hosts);
            if (link.Name.Length == 0)
                throw new FatturaPaException(ProviderFault.Unreadable, $"{Starting}: the upload has no name.");
            try
            {
                await requests.RepeatedAsync(
                    new Request(Uploading, MaxBytes, settings.TransferTimeout, null),
                    token => PutAsync(link.Target, file, token), ct);
                return link.Name;
            }
            catch (FatturaPaException failure) when (failure.Fault == ProviderFault.LinkRefused && attempt == 1)
            {
                // Once more, with a new link.
            }
        }
    }

    private async Task<HttpResponseMessage> PutAsync(Uri target, ReadOnlyMemory<byte> file, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, target);
        request.Content = new ReadOnlyMemoryContent(file);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        request.Headers.Add("x-ms-version", "2017-11-09");
        return await storage.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    private async Task<SendOutcome> HandOverAsync(
        ProviderKey key, string fileName, ReadOnlyMemory<byte> file, string name, CancellationToken ct)
    {
        try
        {
            var response = await requests.OnceAsync(
                new Request(Sending, MaxBytes, settings.TransferTimeout, key),
                token => provider.StopUploadAsync(key.Reveal(), name, token), ct);
            return RefusalIn(response.Body) is { } text
                ? new SendOutcome(SendState.Refused)
                {
                    Message = $"{Sending}: the provider has refused the file: {ProviderFaults.Shown(text, key)}",
                    Fault = ProviderFault.Refused,
                }
                : new SendOutcome(SendState.Sent);
        }
        catch (FatturaPaException failure) when (failure.IsUncertain)
        {
            return await LookUpAsync(key, fileName, file, failure, ct);
        }
        catch (FatturaPaException failure)
        {
            // A page of a host that stands before the provider is no refusal of the file.
            return SendOutcome.Of(
                failure is { Fault: ProviderFault.Refused, IsStated: true } ? SendState.Refused : SendState.NotSent,
                failure);
        }
    }

    private async Task<SendOutcome> LookUpAsync(
        ProviderKey key, string fileName, ReadOnlyMemory<byte> file, FatturaPaException lost, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= LookUps; attempt++)
        {
            try
            {
                if (await pool.FindSentAsync(key, fileName, file, exceptSdiId: null, ct) is { } there)
                    return new SendOutcome(SendState.Sent) { SdiId = there.SdiId };
            }
            catch (FatturaPaException)
            {
                // What happened to the file is the message, not what happened to the search.
                break;
            }
            if (attempt < LookUps)
                await Task.Delay(settings.Pause * attempt, time, ct);
        }
        return SendOutcome.Of(SendState.Uncertain, lost);
    }

    // The content of a success is not reliable: only the status KO means something.
    private static string? RefusalIn(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && Text(json.RootElement, "Status") is { } status
                && status.StartsWith("KO", StringComparison.OrdinalIgnoreCase)
                    ? Text(json.RootElement, "Message") ?? status
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
