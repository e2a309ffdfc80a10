namespace ECommerce.Api.Tests.EndToEnd;

/// <summary>How large the mock's shop is: a tenth by default, whole with <c>ECOMMERCE_TESTS=full</c>.</summary>
internal static class ShopSize
{
    public static bool IsFull => TestScale.IsFull;

    public static int Products => IsFull ? 800 : 80;

    public static int Customers => IsFull ? 2000 : 200;

    public static int Addresses => IsFull ? 3000 : 300;

    public static int Orders => IsFull ? 5000 : 600;

    public static string[] Arguments =>
        [$"--products={Products}", $"--customers={Customers}", $"--addresses={Addresses}", $"--orders={Orders}"];
}
