using ECommerce.Api.Tests.Mocks.FatturaPa;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Channel.Pool;

namespace ECommerce.Api.Tests.Invoices.Channel;

public sealed class PoolReadingTests
{
    [Fact]
    public async Task Pages_list_every_event_once_and_in_order()
    {
        await using var test = new ChannelUnderTest(("pageSize", "3"));
        for (var number = 1; number <= 4; number++)
            await test.SendAsync(number);
        var (rows, sizes, token) = (new List<string>(), new List<int>(), (string?)null);
        do
        {
            var page = await test.ReadAsync(token);
            rows.AddRange(page.Items.Select(entry => entry.RowKey));
            sizes.Add(page.Items.Count);
            token = page.NextPageToken;
        }
        while (token is not null);

        Assert.Equal([3, 3, 2], sizes);
        Assert.Equal(Enumerable.Range(1, 8).Select(row => $"{row:0000000000}"), rows);
    }

    [Fact]
    public async Task Token_is_the_same_for_the_same_page()
    {
        await using var test = new ChannelUnderTest(("pageSize", "1"));
        await test.SendAsync(1);
        var token = (await test.ReadAsync()).NextPageToken;

        Assert.NotNull(token);
        Assert.Equal(token, (await test.ReadAsync()).NextPageToken);
    }

    [Fact]
    public async Task Changed_token_is_refused_before_the_provider_is_called()
    {
        await using var test = new ChannelUnderTest(("pageSize", "1"));
        await test.SendAsync(1);
        var token = (await test.ReadAsync()).NextPageToken!;
        var calls = await test.CountAsync("pool");

        for (var i = 0; i < token.Length; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            if (!System.Buffers.Text.Base64Url.IsValid(changed)
                || System.Buffers.Text.Base64Url.DecodeFromChars(changed).AsSpan().SequenceEqual(
                    System.Buffers.Text.Base64Url.DecodeFromChars(token)))
            {
                continue;
            }
            var failure = await Assert.ThrowsAsync<BadInputException>(() => test.ReadAsync(changed));
            Assert.Contains("page_token", failure.Errors!.Keys);
        }
        Assert.Equal(calls, await test.CountAsync("pool"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("not a token!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Text_that_is_no_token_is_refused(string text)
    {
        await using var test = new ChannelUnderTest();

        await Assert.ThrowsAsync<BadInputException>(() => test.ReadAsync(text));
    }

    [Fact]
    public async Task Token_of_another_tenant_is_refused()
    {
        await using var test = new ChannelUnderTest(("pageSize", "1"));
        await test.SendAsync(1);
        var token = (await test.ReadAsync()).NextPageToken;

        await Assert.ThrowsAsync<BadInputException>(() => test.Channel.ReadPoolAsync(
            ChannelUnderTest.Globex, ChannelUnderTest.OtherKey, token, ChannelUnderTest.Cancellation));
    }

    [Fact]
    public async Task Events_of_one_invoice_are_found_on_later_pages_too()
    {
        await using var test = new ChannelUnderTest(("pageSize", "1"));
        for (var number = 1; number <= 3; number++)
            await test.SendAsync(number);
        var sent = await test.Channel.FindFileAsync(
            ChannelUnderTest.Key, SampleInvoice.FileName(3), ChannelUnderTest.Cancellation);
        var found = await test.Channel.FindAsync(ChannelUnderTest.Key, sent!.SdiId!, ChannelUnderTest.Cancellation);

        Assert.Equal(["Ricevuta", "RicevutaConsegna"], found.Select(entry => entry.Kind));
        Assert.Empty(await test.Channel.FindAsync(
            ChannelUnderTest.OtherKey, sent.SdiId!, ChannelUnderTest.Cancellation));
        Assert.Empty(await test.Channel.FindAsync(
            ChannelUnderTest.Key, "1' or NomeFile ne '", ChannelUnderTest.Cancellation));
    }

    [Fact]
    public async Task Purchases_are_told_from_sales()
    {
        await using var test = new ChannelUnderTest();
        await test.SendAsync(1);
        await test.Mock.ControlAsync(
            "purchases", new { file_name = "IT09999999999_A1.xml", content = SampleInvoice.Create(9) });
        var items = (await test.ReadAsync()).Items;

        Assert.Equal(
            [PoolDirection.Sale, PoolDirection.Sale, PoolDirection.Purchase, PoolDirection.Purchase],
            items.Select(entry => entry.Direction));
        Assert.Equal(
            SampleInvoice.Create(9), await test.Channel.DownloadAsync(items[2], ChannelUnderTest.Cancellation));
    }

    [Theory]
    [InlineData("pool", "drop")]
    [InlineData("pool", "error500")]
    [InlineData("pool", "too_many")]
    [InlineData("table", "drop")]
    [InlineData("table", "error500")]
    [InlineData("table", "expired")]
    [InlineData("download", "drop_after")]
    [InlineData("download", "unavailable")]
    public async Task Reading_is_repeated_after_a_fault(string call, string fault)
    {
        await using var test = new ChannelUnderTest();
        await test.SendAsync(1);
        await test.Mock.FaultAsync(fault, call);
        var entry = (await test.ReadAsync()).Items[0];

        Assert.Equal(
            SampleInvoice.Create(1), await test.Channel.DownloadAsync(entry, ChannelUnderTest.Cancellation));
    }

    [Theory]
    [InlineData("pool", "unauthorized", ProviderFault.InvalidKey)]
    [InlineData("pool", "foreign_link", ProviderFault.ForeignLink)]
    [InlineData("pool", "fault_in200", ProviderFault.Unavailable)]
    [InlineData("pool", "html", ProviderFault.Unreadable)]
    [InlineData("table", "huge", ProviderFault.TooLarge)]
    [InlineData("table", "html", ProviderFault.Unreadable)]
    [InlineData("table", "endless", ProviderFault.TooLarge)]
    [InlineData("table", "expired", ProviderFault.LinkRefused)]
    [InlineData("table", "error500", ProviderFault.Unavailable)]
    public async Task Lasting_fault_is_named(string call, string fault, object expected)
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync(fault, call, times: 0);

        var failure = await Assert.ThrowsAsync<FatturaPaException>(() => test.ReadAsync());
        Assert.Equal(expected, failure.Fault);
        Assert.DoesNotContain("<html>", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Late_answer_within_the_time_out_is_read()
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync("slow", "table", delayMs: 500);

        Assert.Empty((await test.ReadAsync()).Items);
    }
}
