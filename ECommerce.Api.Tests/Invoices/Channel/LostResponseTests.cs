using ECommerce.Api.Tests.Mocks.FatturaPa;
using ECommerce.Features.Invoices.Channel;

namespace ECommerce.Api.Tests.Invoices.Channel;

public sealed class LostResponseTests
{
    [Theory]
    [InlineData("drop_after")]
    [InlineData("error500_after")]
    [InlineData("mute")]
    public async Task File_whose_hand_over_was_carried_out_is_found_and_not_sent_again(string fault)
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync(fault, "uploadstop");
        var outcome = await test.SendAsync(1);

        Assert.Equal(SendState.Sent, outcome.State);
        Assert.NotNull(outcome.SdiId);
        Assert.Equal(1, await test.CountAsync("uploadstop"));
        Assert.Empty(await test.Mock.CodesAsync(SampleInvoice.Stem(1)));
    }

    [Theory]
    [InlineData("drop", ProviderFault.Broken)]
    [InlineData("error500", ProviderFault.Unavailable)]
    [InlineData("unavailable", ProviderFault.Unavailable)]
    [InlineData("fault_in200", ProviderFault.Unavailable)]
    [InlineData("endless", ProviderFault.TooLarge)]
    [InlineData("drip", ProviderFault.TooSlow)]
    public async Task File_that_is_not_found_is_uncertain_and_not_sent_again(string fault, object expected)
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync(fault, "uploadstop");
        var outcome = await test.SendAsync(1);

        Assert.Equal((SendState.Uncertain, expected), (outcome.State, outcome.Fault));
        Assert.Equal(1, await test.CountAsync("uploadstop"));
    }

    [Fact]
    public async Task File_that_arrives_late_is_found_before_the_second_attempt()
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync("late", "uploadstop", delayMs: 7000);
        Assert.Equal(SendState.Uncertain, (await test.SendAsync(1)).State);
        await TestSupport.Eventually.TrueAsync(
            async () => await test.Channel.FindFileAsync(
                ChannelUnderTest.Key, SampleInvoice.FileName(1), ChannelUnderTest.Cancellation) is not null,
            "The late file is in the pool.");
        var second = await test.SendAsync(1, lookUpFirst: true);

        Assert.Equal(SendState.Sent, second.State);
        Assert.NotNull(second.SdiId);
        Assert.Empty(await test.Mock.CodesAsync(SampleInvoice.Stem(1)));
    }

    [Fact]
    public async Task File_that_was_never_sent_is_sent_by_the_second_attempt()
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync("drop", "uploadstop");
        Assert.Equal(SendState.Uncertain, (await test.SendAsync(1)).State);
        var second = await test.SendAsync(1, lookUpFirst: true);

        Assert.Equal((SendState.Sent, 2), (second.State, await test.CountAsync("uploadstop")));
        Assert.Empty(await test.Mock.CodesAsync(SampleInvoice.Stem(1)));
    }

    [Fact]
    public async Task Without_a_working_pool_the_second_attempt_sends_nothing()
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync("drop_after", "uploadstop");
        await test.Mock.FaultAsync("error500", "table", times: 0);
        Assert.Equal(SendState.Uncertain, (await test.SendAsync(1)).State);
        var second = await test.SendAsync(1, lookUpFirst: true);

        Assert.Equal((SendState.Uncertain, 1), (second.State, await test.CountAsync("uploadstop")));
    }

    [Fact]
    public async Task Other_file_with_a_similar_name_is_not_taken_for_it()
    {
        await using var test = new ChannelUnderTest();
        await test.Channel.SendAsync(
            ChannelUnderTest.Key, "IT01234567897_0000.xml", SampleInvoice.Create(7), false,
            ChannelUnderTest.Cancellation);

        Assert.Null(await test.Channel.FindFileAsync(
            ChannelUnderTest.Key, "IT01234567897_000.xml", ChannelUnderTest.Cancellation));
    }
}
