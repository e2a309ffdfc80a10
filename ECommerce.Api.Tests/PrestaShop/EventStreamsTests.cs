using ECommerce.Features.PrestaShop;

namespace ECommerce.Api.Tests.PrestaShop;

public sealed class EventStreamsTests
{
    [Fact]
    public void Streams_of_a_user_are_limited_and_a_closed_one_makes_room()
    {
        var streams = new EventStreams();
        var open = Enumerable.Range(0, EventStreams.MaxPerUser).Select(_ => streams.TryOpen(1)).ToArray();

        Assert.All(open, Assert.NotNull);
        Assert.Null(streams.TryOpen(1));
        Assert.NotNull(streams.TryOpen(2));
        open[0]!.Dispose();
        Assert.NotNull(streams.TryOpen(1));
        Assert.Null(streams.TryOpen(1));
    }
}
