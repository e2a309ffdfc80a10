namespace ECommerce.TestSupport;

/// <summary>
/// <c>ECOMMERCE_TESTS=full</c> runs everything at full size; the default is a run short enough to be repeated.
/// </summary>
internal static class TestScale
{
    public static bool IsFull => Environment.GetEnvironmentVariable("ECOMMERCE_TESTS") == "full";
}
