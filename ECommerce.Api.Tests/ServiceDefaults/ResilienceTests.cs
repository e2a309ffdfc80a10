using System.Net;
using System.Net.Http.Headers;
using Polly.CircuitBreaker;

namespace ECommerce.Api.Tests.ServiceDefaults;

public class ResilienceTests
{
    private static readonly Uri Shop = new("http://shop.example/api/orders");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task A_read_is_repeated_after_a_transient_answer(HttpStatusCode status)
    {
        var network = new StubHandler(call => call < 3 ? status : HttpStatusCode.OK);
        using var host = new ClientHost(network);

        using var response = await host.Client.GetAsync(Shop, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, network.Sent.Count);
    }

    [Fact]
    public async Task A_read_is_repeated_after_a_broken_connection()
    {
        var network = new StubHandler((call, _, _) =>
            call == 1 ? throw new HttpRequestException("reset") : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)));
        using var host = new ClientHost(network);

        using var response = await host.Client.GetAsync(Shop, Cancellation);

        Assert.Equal(2, network.Sent.Count);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task A_write_is_never_repeated(string method)
    {
        var network = new StubHandler(_ => HttpStatusCode.ServiceUnavailable);
        using var host = new ClientHost(network);

        using var request = new HttpRequestMessage(new HttpMethod(method), Shop);
        using var response = await host.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Single(network.Sent);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public async Task A_final_answer_is_not_questioned(HttpStatusCode status)
    {
        var network = new StubHandler(_ => status);
        using var host = new ClientHost(network);

        using var response = await host.Client.GetAsync(Shop, Cancellation);

        Assert.Equal(status, response.StatusCode);
        Assert.Single(network.Sent);
    }

    [Fact]
    public async Task The_last_answer_is_given_back_when_the_retries_are_used_up()
    {
        var network = new StubHandler(_ => HttpStatusCode.BadGateway);
        using var host = new ClientHost(network, resilience: options => options.Retries = 2);

        using var response = await host.Client.GetAsync(Shop, Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(3, network.Sent.Count);
    }

    [Fact]
    public async Task Retry_after_is_waited_for()
    {
        var time = new ManualTime();
        var network = new StubHandler((call, _, _) => Task.FromResult(Busy(call, TimeSpan.FromSeconds(7))));
        using var host = new ClientHost(network, time);

        var answer = host.Client.GetAsync(Shop, Cancellation);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(7));
        Assert.Single(network.Sent);
        time.Advance(TimeSpan.FromSeconds(7));
        using var response = await answer;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_retry_after_beyond_the_total_timeout_is_answered_as_it_is()
    {
        var network = new StubHandler((call, _, _) => Task.FromResult(Busy(call, TimeSpan.FromMinutes(10))));
        using var host = new ClientHost(network, new ManualTime());

        using var response = await host.Client.GetAsync(Shop, Cancellation);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
    }

    [Fact]
    public async Task A_silent_server_is_given_up_after_the_attempt_timeout()
    {
        var time = new ManualTime();
        using var host = new ClientHost(Silent(), time, options => options.AttemptTimeout = TimeSpan.FromSeconds(4));

        var answer = host.Client.PostAsync(Shop, null, Cancellation);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(4));
        time.Advance(TimeSpan.FromSeconds(4));

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Contains("did not answer within 4 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_attempts_together_end_with_the_total_timeout()
    {
        var time = new ManualTime();
        using var host = new ClientHost(Silent(), time, options => options.TotalTimeout = TimeSpan.FromSeconds(6));

        var answer = host.Client.GetAsync(Shop, Cancellation);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(6));

        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
    }

    [Fact]
    public async Task A_cancelled_call_is_a_cancellation_and_no_failure()
    {
        using var host = new ClientHost(Silent(), new ManualTime());
        using var source = new CancellationTokenSource();

        var answer = host.Client.GetAsync(Shop, source.Token);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task The_circuit_of_a_host_opens_and_closes_again()
    {
        var time = new ManualTime();
        var broken = true;
        var network = new StubHandler(_ => broken ? HttpStatusCode.InternalServerError : HttpStatusCode.OK);
        using var host = new ClientHost(network, time, options => options.BreakMinimum = 4);

        for (var i = 0; i < 4; i++) (await host.Client.PostAsync(Shop, null, Cancellation)).Dispose();
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => host.Client.PostAsync(Shop, null, Cancellation));
        Assert.IsType<BrokenCircuitException>(exception.InnerException, exactMatch: false);
        Assert.Equal(4, network.Sent.Count);

        broken = false;
        (await host.Client.PostAsync(new Uri("http://other.example/"), null, Cancellation)).Dispose();
        time.Advance(TimeSpan.FromSeconds(5));
        using var response = await host.Client.PostAsync(Shop, null, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task User_and_password_of_an_address_are_in_no_message()
    {
        var network = new StubHandler(_ => HttpStatusCode.InternalServerError);
        using var host = new ClientHost(network, new ManualTime(), options => options.BreakMinimum = 2);
        var uri = new Uri("http://user:secret@shop.example/");

        for (var i = 0; i < 2; i++) (await host.Client.PostAsync(uri, null, Cancellation)).Dispose();
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => host.Client.PostAsync(uri, null, Cancellation));

        Assert.Contains("http://shop.example", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.ToString(), StringComparison.Ordinal);
    }

    private static StubHandler Silent() => new(async (_, _, cancellationToken) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return new HttpResponseMessage(HttpStatusCode.OK);
    });

    private static HttpResponseMessage Busy(int call, TimeSpan retryAfter) => call > 1
        ? new(HttpStatusCode.OK)
        : new(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new RetryConditionHeaderValue(retryAfter) } };
}
