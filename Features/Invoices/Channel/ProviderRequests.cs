namespace ECommerce.Features.Invoices.Channel;

/// <summary>
/// Single requests to the provider and its storage, within bounds of time and memory, whose failures are
/// <see cref="FatturaPaException"/>.
/// </summary>
internal sealed class ProviderRequests(ChannelSettings settings, TimeProvider time)
{
    private const int MaxAttempts = 3;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>As <see cref="OnceAsync"/>, and again after a failure that may pass. For requests that change nothing.
    /// </summary>
    public async Task<Response> RepeatedAsync(
        Request request, Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OnceAsync(request, send, ct);
            }
            catch (FatturaPaException failure) when (failure.IsTransient && attempt < MaxAttempts
                && !(failure.RetryAfter > LongestWait))
            {
                var pause = settings.Pause * (1 << (attempt - 1));
                await Task.Delay(failure.RetryAfter > pause ? failure.RetryAfter.Value : pause, time, ct);
            }
        }
    }

    /// <exception cref="FatturaPaException">Any outcome but a success.</exception>
    public async Task<Response> OnceAsync(
        Request request, Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(request.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            using var response = await send(either.Token);
            var body = await BoundedContent.ReadAsync(request.Step, response.Content, request.MaxBytes, either.Token);
            // The storage tells by its status; a fault of the provider may stand in a 200.
            if (!response.IsSuccessStatusCode)
            {
                throw ProviderFaults.Of(
                    request.Step, response, body, request.Key is null, request.Key, time);
            }
            if (request.Key is { } key && ProviderFaults.Stated(body) is { } fault)
            {
                // Sender may have a prefix.
                var isRefusal = fault.Code.EndsWith("Sender", StringComparison.Ordinal);
                throw new FatturaPaException(
                    isRefusal ? ProviderFault.Refused : ProviderFault.Unavailable,
                    $"{request.Step}: the provider answers with an error: {ProviderFaults.Shown(fault.Text, key)}")
                {
                    IsStated = true,
                };
            }
            return new Response(body, response.Headers);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new FatturaPaException(
                ProviderFault.TooSlow,
                $"{request.Step}: the provider did not answer within {request.Timeout.TotalSeconds:0.#} s.");
        }
        catch (HttpRequestException failure) when (failure.InnerException is FatturaPaException refusal)
        {
            throw refusal;
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.NameResolutionError
            or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError)
        {
            throw new FatturaPaException(
                ProviderFault.Unreachable, $"{request.Step}: the provider could not be reached.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new FatturaPaException(
                ProviderFault.Broken, $"{request.Step}: the connection to the provider broke.");
        }
    }
}

/// <summary>A request to be made.</summary>
/// <param name="Step">What it is for, in messages.</param>
/// <param name="MaxBytes">Of the response.</param>
/// <param name="Timeout">Until the response is complete.</param>
/// <param name="Key">Null: a request to the storage, which has no key.</param>
internal sealed record Request(string Step, int MaxBytes, TimeSpan Timeout, ProviderKey? Key);

/// <summary>A success, with its whole body.</summary>
internal sealed record Response(byte[] Body, System.Net.Http.Headers.HttpResponseHeaders Headers)
{
    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
