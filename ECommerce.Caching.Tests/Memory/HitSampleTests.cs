using ECommerce.Caching.Memory;

namespace ECommerce.Caching.Tests.Memory;

public class HitSampleTests
{
    [Fact]
    public void Every_hit_is_sampled_while_there_are_few()
    {
        var (sample, mask) = (new HitSample(), 0L);

        for (var period = 0; period < 10; period++)
        {
            Assert.Equal(100, Enumerable.Range(0, 100).Sum(_ => sample.Take(ref mask)));
            sample.Adapt(ref mask);
        }

        Assert.Equal(0, mask);
    }

    [Fact]
    public void Under_load_one_in_1024_is_sampled_at_once_and_all_again_when_it_ends()
    {
        var (sample, mask) = (new HitSample(), 0L);

        for (var hit = 0; hit < 1100; hit++)
            sample.Take(ref mask);

        Assert.Equal(1023, mask);
        Assert.Equal(1024, sample.Take(ref mask));
        sample.Adapt(ref mask);
        Assert.Equal(1023, mask);
        for (var period = 0; period < 10; period++)
            sample.Adapt(ref mask);
        Assert.Equal(0, mask);
    }
}
