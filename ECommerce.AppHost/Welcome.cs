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

        Console.WriteLine($$"""

              API         {{api.Url}}/swagger
              Demo users  acme.admin, acme.user, globex.admin, super.admin   (password {{Password}})
              Try         curl -s {{api.Url}}/api/v1/auth/login -H 'Content-Type: application/json' \
                            -d '{"username":"acme.admin","password":"{{Password}}"}'

            """);
    }
}
