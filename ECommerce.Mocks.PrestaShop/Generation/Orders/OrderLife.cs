namespace ECommerce.Mocks.PrestaShop.Generation.Orders;

internal readonly record struct StateChange(int Order, int State, DateTime At);

/// <summary>The states an order goes through, until the base date: the newest orders are still under way.</summary>
internal static class OrderLife
{
    private const int Paid = 2, Preparing = 3, Shipped = 4, Delivered = 5, Cancelled = 6, Refunded = 7, Failed = 8;
    private const int BackOrderPaid = 9, BackOrderUnpaid = 12;

    public static IEnumerable<StateChange> Create(
        int order, PaymentMethod payment, DateTime at, DateTime until, Rng rng)
    {
        foreach (var (state, pause) in Steps(payment, rng))
        {
            at += pause;
            if (at > until)
                yield break;
            yield return new(order, state, at);
        }
    }

    private static IEnumerable<(int State, TimeSpan Pause)> Steps(PaymentMethod payment, Rng rng)
    {
        var fate = rng.Between(0, 100);
        if (payment.Module == "ps_checkout" && fate < 4)
        {
            yield return (Failed, TimeSpan.FromSeconds(rng.Between(20, 90)));
            yield break;
        }

        yield return (payment.FirstState, TimeSpan.Zero);
        if (fate is >= 4 and < 8)
        {
            yield return (Cancelled, rng.Time(1, 8));
            yield break;
        }

        if (payment.FirstState is 1 or 10)
        {
            if (fate == 8)
                yield return (BackOrderUnpaid, rng.Time(0.1, 1));
            yield return (Paid, rng.Time(1, 6));
        }

        if (fate is 9 or 10)
            yield return (BackOrderPaid, rng.Time(0.1, 2));
        yield return (Preparing, rng.Time(0.2, 2));
        yield return (Shipped, rng.Time(0.3, 2));
        yield return (Delivered, rng.Time(1, 5));
        if (fate is 11 or 12)
            yield return (Refunded, rng.Time(2, 14));
    }
}
