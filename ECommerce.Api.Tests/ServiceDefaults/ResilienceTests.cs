using System.Net;
using System.Net.Http.Headers;
using Polly.CircuitBreaker;
using Polly.RateLimiting;

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
    public async Task Read_is_retried_after_a_transient_status(HttpStatusCode status)
    {
        var network = new StubHandler(call => call < 3 ? status : HttpStatusCode.OK);
        using var host = new ClientHost(network);

        using var response = await host.Client.GetAsync(Shop, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, network.Sent.Count);
    }

    [Fact]
    public async Task Read_is_retried_after_a_broken_connection()
    {
        var network = new StubHandler((call, _, _) =>
            call == 1
                ? throw new HttpRequestException("reset")
                : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)));
        using var host = new ClientHost(network);

        using var response = await host.Client.GetAsync(Shop, Cancellation);

        Assert.Equal(2, network.Sent.Count);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("MKCOL")]
    public async Task Write_is_never_retried(string method)
    {
        var network = new StubHandler(_ => HttpStatusCode.ServiceUnavailable);
        using var host = new ClientHost(network);

        using var request = new HttpRequestMessage(new HttpMethod(method), Shop);
        using var response = await host.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Single(network.Sent);
    }

    [Fact]
    public async Task Write_is_not_retried_after_a_broken_connection()
    {
        var network = new StubHandler((_, _, _) => throw new HttpRequestException("reset"));
        using var host = new ClientHost(network);

        await Assert.ThrowsAsync<HttpRequestException>(() => host.Client.PostAsync(Shop, null, Cancellation));

        Assert.Single(network.Sent);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public async Task Final_status_is_not_retried(HttpStatusCode status)
    {
        var network = new StubHandler(_ => status);
        using var host = new ClientHost(network);

        using var response = await host.Client.GetAsync(Shop, Cancellation);

        Assert.Equal(status, response.StatusCode);
        Assert.Single(network.Sent);
    }

    [Fact]
    public async Task Last_response_is_returned_after_the_last_retry()
    {
        var network = new StubHandler(_ => HttpStatusCode.BadGateway);
        using var host = new ClientHost(network, resilience: options => options.Retry.MaxRetryAttempts = 2);

        using var response = await host.Client.GetAsync(Shop, Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(3, network.Sent.Count);
    }

    [Fact]
    public async Task Retry_waits_for_retry_after()
    {
        var time = new ManualTime();
        var network = new StubHandler((call, _, _) => Task.FromResult(Busy(call, TimeSpan.FromSeconds(7))));
        using var host = new ClientHost(network, time);

        var responding = host.Client.GetAsync(Shop, Cancellation);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(7));
        Assert.Single(network.Sent);
        time.Advance(TimeSpan.FromSeconds(7));
        using var response = await responding;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Retry_after_beyond_the_total_timeout_is_returned_at_once()
    {
        var network = new StubHandler((call, _, _) => Task.FromResult(Busy(call, TimeSpan.FromMinutes(10))));
        using var host = new ClientHost(network, new ManualTime());

        using var response = await host.Client.GetAsync(Shop, Cancellation);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
    }

    [Fact]
    public async Task Silent_server_fails_after_the_attempt_timeout()
    {
        var time = new ManualTime();
        using var host = new ClientHost(
            Silent(), time, options => options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(4));

        var responding = host.Client.PostAsync(Shop, null, Cancellation);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(4));
        time.Advance(TimeSpan.FromSeconds(4));

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => responding);
        Assert.Equal("http://shop.example did not respond within 4 s.", exception.Message);
    }

    [Fact]
    public async Task Retries_end_with_the_total_timeout()
    {
        var time = new ManualTime();
        using var host = new ClientHost(Silent(), time, options =>
        {
            options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(5);
            options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(6);
        });

        var responding = host.Client.GetAsync(Shop, Cancellation);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(6));

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => responding);
        Assert.Equal("http://shop.example did not respond within 6 s.", exception.Message);
    }

    [Fact]
    public void Body_that_stalls_ends_with_the_timeout_of_the_client()
    {
        using var host = new ClientHost(new StubHandler(_ => HttpStatusCode.OK));

        Assert.Equal(TimeSpan.FromSeconds(100), host.Client.Timeout);
    }

    [Fact]
    public async Task Cancelled_call_ends_as_a_cancellation()
    {
        using var host = new ClientHost(Silent(), new ManualTime());
        using var source = new CancellationTokenSource();

        var responding = host.Client.GetAsync(Shop, source.Token);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => responding);
    }

    [Fact]
    public async Task Circuit_of_a_host_opens_and_closes_again()
    {
        var time = new ManualTime();
        var broken = true;
        var network = new StubHandler(_ => broken ? HttpStatusCode.InternalServerError : HttpStatusCode.OK);
        using var host = new ClientHost(network, time, options => options.CircuitBreaker.MinimumThroughput = 4);

        for (var i = 0; i < 4; i++)
            (await host.Client.PostAsync(Shop, null, Cancellation)).Dispose();
        var exception = await Assert.ThrowsAsync<HttpRequestException>(
            () => host.Client.PostAsync(Shop, null, Cancellation));
        Assert.IsType<BrokenCircuitException>(exception.InnerException, exactMatch: false);
        Assert.Equal(4, network.Sent.Count);

        broken = false;
        (await host.Client.PostAsync(new Uri("http://other.example/"), null, Cancellation)).Dispose();
        time.Advance(TimeSpan.FromSeconds(5));
        using var response = await host.Client.PostAsync(Shop, null, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Too_many_requests_do_not_open_the_circuit()
    {
        var network = new StubHandler(_ => HttpStatusCode.TooManyRequests);
        using var host = new ClientHost(
            network, new ManualTime(), options => options.CircuitBreaker.MinimumThroughput = 4);

        for (var i = 0; i < 8; i++)
        {
            using var response = await host.Client.PostAsync(Shop, null, Cancellation);
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        }
    }

    [Fact]
    public async Task Too_many_calls_at_once_are_rejected_as_http_failure()
    {
        using var host = new ClientHost(
            Silent(), new ManualTime(), options => options.RateLimiter.DefaultRateLimiterOptions.PermitLimit = 1);
        using var source = new CancellationTokenSource();

        var first = host.Client.GetAsync(Shop, source.Token);
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => host.Client.GetAsync(Shop, Cancellation));
        await source.CancelAsync();

        Assert.IsType<RateLimiterRejectedException>(exception.InnerException);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task User_and_password_of_an_address_are_in_no_message()
    {
        var network = new StubHandler(_ => HttpStatusCode.InternalServerError);
        using var host = new ClientHost(
            network, new ManualTime(), options => options.CircuitBreaker.MinimumThroughput = 2);
        var uri = new Uri("http://user:secret@shop.example/");

        for (var i = 0; i < 2; i++)
            (await host.Client.PostAsync(uri, null, Cancellation)).Dispose();
        var exception = await Assert.ThrowsAsync<HttpRequestException>(
            () => host.Client.PostAsync(uri, null, Cancellation));

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
