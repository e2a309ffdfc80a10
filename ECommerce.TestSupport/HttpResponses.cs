namespace ECommerce.TestSupport;

internal static class HttpResponses
{
    /// <summary>The layer that responded, by the header of the response, which must be there once.</summary>
    public static string CacheStatus(this HttpResponseMessage response) =>
        Assert.Single(response.Headers.GetValues("Cache-Status"));
}
