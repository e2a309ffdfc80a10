/// <summary>What a developer wants to know once the system is up.</summary>
internal static class Welcome
{
    private const string Password = "demo-Passw0rd!";

    public static async Task PrintAsync(DistributedApplication app, EndpointReference api)
    {
        try
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(api.Resource.Name);
        }
        catch (Exception error) when (error is OperationCanceledException or DistributedApplicationException)
        {
            // Stopped, or failed: then the console and the dashboard have said why.
            return;
        }

        var metrics = string.Join("  ", (await OwnAddressesAsync(app, api.Resource.Name)).Select(address => $"{address.TrimEnd('/')}/metrics"));
        Console.WriteLine($$"""

              API         {{api.Url}}/swagger
              Metrics     {{metrics}}
              Demo users  acme.admin, acme.user, globex.admin, super.admin   (password {{Password}})
              Try         curl -s {{api.Url}}/api/v1/auth/login -H 'Content-Type: application/json' \
                            -d '{"username":"acme.admin","password":"{{Password}}"}'

            """);
    }

    // A scrape must reach each replica by itself: behind the common address they answer in turn.
    private static async Task<IEnumerable<string>> OwnAddressesAsync(DistributedApplication app, string name)
    {
        var addresses = new SortedSet<string>(StringComparer.Ordinal);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            // The present states come first, and at once.
            await foreach (var change in app.ResourceNotifications.WatchAsync(enough.Token))
            {
                if (change.Resource.Name == name)
                    addresses.UnionWith(change.Snapshot.Urls.Where(url => url.IsInternal).Select(url => url.Url));
            }
        }
        catch (OperationCanceledException)
        {
            // All that there was.
        }
        return addresses;
    }
}
