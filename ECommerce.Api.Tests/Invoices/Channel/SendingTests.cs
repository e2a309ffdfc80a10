using ECommerce.Api.Tests.Mocks.FatturaPa;
using ECommerce.Features.Invoices.Channel;

namespace ECommerce.Api.Tests.Invoices.Channel;

public sealed class SendingTests
{
    [Fact]
    public async Task Sent_file_arrives_with_its_name_and_bytes()
    {
        await using var test = new ChannelUnderTest();
        var outcome = await test.SendAsync(1);

        Assert.Equal(SendState.Sent, outcome.State);
        var entry = Assert.IsType<Features.Invoices.Channel.Pool.PoolEntry>(await test.Channel.FindFileAsync(
            ChannelUnderTest.Key, SampleInvoice.FileName(1), ChannelUnderTest.Cancellation));
        Assert.Equal(SampleInvoice.FileName(1), entry.FileName);
        Assert.Equal(
            SampleInvoice.Create(1), await test.Channel.DownloadAsync(entry, ChannelUnderTest.Cancellation));
    }

    [Theory]
    [InlineData("uploadstart1", "drop")]
    [InlineData("uploadstart1", "error500")]
    [InlineData("uploadstart1", "unavailable")]
    [InlineData("uploadstart1", "drop_after")]
    [InlineData("put", "drop")]
    [InlineData("put", "drop_after")]
    [InlineData("put", "error500")]
    [InlineData("put", "expired")]
    public async Task Steps_before_the_hand_over_are_repeated_after_a_fault(string call, string fault)
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync(fault, call);
        var outcome = await test.SendAsync(1);

        Assert.Equal(SendState.Sent, outcome.State);
        Assert.Equal(2, await test.CountAsync(call));
        Assert.Equal(1, await test.CountAsync("uploadstop"));
    }

    [Theory]
    [InlineData("uploadstart1", "unauthorized", ProviderFault.InvalidKey)]
    [InlineData("uploadstart1", "too_many", ProviderFault.TooManyRequests)]
    [InlineData("uploadstart1", "error500", ProviderFault.Unavailable)]
    [InlineData("uploadstart1", "html", ProviderFault.Unreadable)]
    [InlineData("uploadstart1", "empty", ProviderFault.Unreadable)]
    [InlineData("uploadstart1", "redirect", ProviderFault.Refused)]
    [InlineData("uploadstart1", "foreign_link", ProviderFault.ForeignLink)]
    [InlineData("uploadstart1", "huge", ProviderFault.TooLarge)]
    [InlineData("uploadstart1", "drip", ProviderFault.TooSlow)]
    [InlineData("put", "expired", ProviderFault.LinkRefused)]
    public async Task Lasting_fault_before_the_hand_over_means_not_sent(
        string call, string fault, object expected)
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync(fault, call, times: 0);
        var outcome = await test.SendAsync(1);

        Assert.Equal((SendState.NotSent, expected), (outcome.State, outcome.Fault));
        Assert.NotEmpty(outcome.Message!);
        Assert.Equal(0, await test.CountAsync("uploadstop"));
    }

    [Theory]
    [InlineData("unauthorized", ProviderFault.InvalidKey)]
    [InlineData("too_many", ProviderFault.TooManyRequests)]
    public async Task Hand_over_that_is_not_accepted_means_not_sent_and_is_not_repeated(string fault, object expected)
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync(fault, "uploadstop");
        var outcome = await test.SendAsync(1);

        Assert.Equal((SendState.NotSent, expected), (outcome.State, outcome.Fault));
        Assert.Equal(1, await test.CountAsync("uploadstop"));
    }

    [Fact]
    public async Task Wait_that_the_provider_asks_for_is_in_the_outcome()
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync("too_many", "uploadstop");

        Assert.Equal(TimeSpan.FromSeconds(1), (await test.SendAsync(1)).RetryAfter);
    }

    [Fact]
    public async Task Refusal_of_the_provider_has_its_reason()
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync("refused", "uploadstop");
        var outcome = await test.SendAsync(1);

        Assert.Equal(SendState.Refused, outcome.State);
        Assert.Contains("The file is refused", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_ko_is_a_refusal()
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.ControlAsync("outcomes", new { kind = "ko" });
        var outcome = await test.SendAsync(1);

        Assert.Equal(SendState.Refused, outcome.State);
        Assert.Contains("Il file non è stato inviato al SdI.", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_tenants_send_with_two_keys_into_two_pools()
    {
        await using var test = new ChannelUnderTest();
        await test.SendAsync(1);
        await test.SendAsync(2, ChannelUnderTest.OtherKey);

        var one = await test.ReadAsync();
        var other = await test.Channel.ReadPoolAsync(
            ChannelUnderTest.Globex, ChannelUnderTest.OtherKey, null, ChannelUnderTest.Cancellation);
        Assert.All(one.Items, entry => Assert.Contains("_00001", entry.FileName, StringComparison.Ordinal));
        Assert.All(other.Items, entry => Assert.Contains("_00002", entry.FileName, StringComparison.Ordinal));
        Assert.Null(await test.Channel.FindFileAsync(
            ChannelUnderTest.Key, SampleInvoice.FileName(2), ChannelUnderTest.Cancellation));
    }

    [Fact]
    public async Task Wrong_key_is_recognised()
    {
        await using var test = new ChannelUnderTest();
        await test.Channel.VerifyAsync(ChannelUnderTest.Key, ChannelUnderTest.Cancellation);

        var failure = await Assert.ThrowsAsync<FatturaPaException>(
            () => test.Channel.VerifyAsync(ProviderKey.Create("unknown"), ChannelUnderTest.Cancellation));
        Assert.Equal(ProviderFault.InvalidKey, failure.Fault);
    }
}
