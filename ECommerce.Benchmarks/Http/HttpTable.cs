namespace ECommerce.Benchmarks.Http;

internal static class HttpTable
{
    public static Task<int> RunAsync() => Task.FromResult(0);
}
