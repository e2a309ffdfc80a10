using System.Globalization;

namespace Aspire.Hosting.Engine;

/// <summary>Asks an instance at its own port: behind the proxy a healthy replica would answer for a sick one.</summary>
internal sealed record HttpProbe(string EndpointName, string Path, int StatusCode)
{
    // A connection of its own each time: a program that accepts nothing new is not healthy.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false });

    public async Task<string?> FindProblemAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        try
        {
            var port = instance.Ports[EndpointName].ToString(CultureInfo.InvariantCulture);
            using var answer = await Client.GetAsync($"http://127.0.0.1:{port}{Path}", cancellationToken).ConfigureAwait(false);
            return (int)answer.StatusCode == StatusCode ? null : $"{Path} answered {(int)answer.StatusCode}";
        }
        catch (HttpRequestException error)
        {
            return error.Message;
        }
    }
}
