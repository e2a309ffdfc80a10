using System.Globalization;

#pragma warning disable IDE0130 // As for the other extensions of a host.
namespace Microsoft.Extensions.Hosting;
#pragma warning restore IDE0130

/// <summary>
/// The health check of a container, whose image has no HTTP client: the program itself, with the arguments
/// <c>probe PATH</c>, asks the service in the same container.
/// </summary>
public static class HealthProbe
{
    private const string PortsName = "ASPNETCORE_HTTP_PORTS";
    private const int DefaultPort = 8080;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <returns>0 if the service responds with success, 1 if not; null if the arguments ask for something else.
    /// </returns>
    public static async Task<int?> TryRunAsync(string[] args)
    {
        if (args is not ["probe", ['/', ..] path])
            return null;
        var ports = Environment.GetEnvironmentVariable(PortsName)?.Split(';') ?? [];
        var port = ports is [var first, ..] && int.TryParse(first, CultureInfo.InvariantCulture, out var number)
            ? number
            : DefaultPort;
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(new Uri($"http://localhost:{port}{path}"));
            Console.WriteLine($"{path}: {(int)response.StatusCode}");
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Console.WriteLine($"{path}: {exception.Message}");
            return 1;
        }
    }
}
