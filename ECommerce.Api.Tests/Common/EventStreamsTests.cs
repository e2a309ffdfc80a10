namespace ECommerce.Api.Tests.Common;

public sealed class EventStreamsTests
{
    [Fact]
    public void Streams_of_a_user_are_limited_and_a_closed_one_makes_room()
    {
        var streams = new EventStreams();
        var open = Enumerable.Range(0, 20).Select(_ => streams.TryOpen(1)).ToArray();

        Assert.All(open, Assert.NotNull);
        Assert.Null(streams.TryOpen(1));
        Assert.NotNull(streams.TryOpen(2));
        open[0]!.Dispose();
        open[0]!.Dispose();
        Assert.NotNull(streams.TryOpen(1));
        Assert.Null(streams.TryOpen(1));
    }

    [Fact]
    public void Streams_of_all_users_are_limited_and_a_refused_one_takes_no_place()
    {
        var streams = new EventStreams();
        var open = Enumerable.Range(0, 500).Select(i => streams.TryOpen(i / 10)).ToArray();

        Assert.All(open, Assert.NotNull);
        Assert.Null(streams.TryOpen(1000));
        open[0]!.Dispose();
        Assert.NotNull(streams.TryOpen(1000));
        Assert.Null(streams.TryOpen(1001));
    }
}
