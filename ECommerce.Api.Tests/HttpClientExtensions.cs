using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests;

internal static class HttpClientExtensions
{
    /// <summary>The body of a request that must succeed.</summary>
    public static async Task<JsonNode> JsonAsync(
        this HttpClient client, HttpMethod method, string path, object? body = null, params (
            string Name, string Value)[] headers)
    {
        using var response = await client.CallAsync(method, path, body, headers);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return await response.JsonAsync();
    }

    public static Task<HttpResponseMessage> GetAnyAsync(this HttpClient client, string path) =>
        client.CallAsync(HttpMethod.Get, path);

    public static Task<JsonNode> GetJsonAsync(this HttpClient client, string path) =>
        client.JsonAsync(HttpMethod.Get, path);

    public static Task<JsonNode> PostJsonAsync(this HttpClient client, string path, object? body = null) =>
        client.JsonAsync(HttpMethod.Post, path, body);

    public static Task<JsonNode> PutJsonAsync(this HttpClient client, string path, object body) =>
        client.JsonAsync(HttpMethod.Put, path, body);

    public static async Task<HttpResponseMessage> CallAsync(
        this HttpClient client, HttpMethod method, string path, object? body = null, params (
            string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// The first response from a cache. What another test overtakes while it is built is rightly not kept, and what
    /// is kept is so a moment after its client has it: one request before is not enough.
    /// </summary>
    public static async Task<HttpResponseMessage> HitAsync(
        this HttpClient client, string path, params (string Name, string Value)[] headers)
    {
        HttpResponseMessage? response = null;
        await Eventually.TrueAsync(async () =>
        {
            response?.Dispose();
            response = await client.CallAsync(HttpMethod.Get, path, null, headers);
            return response.CacheStatus().StartsWith("ecommerce; hit", StringComparison.Ordinal);
        }, $"{path} is served by a cache");
        return response!;
    }

    public static async Task<string> TextAsync(this HttpClient client, string path)
    {
        using var response = await client.CallAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }


    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

    /// <summary>The problem that a request must end with.</summary>
    public static async Task<JsonNode> ProblemAsync(
        this HttpResponseMessage response, HttpStatusCode status, string? code = null)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(body)!;
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.All(
            ["type", "title", "code", "trace_id"], name =>
                Assert.False(string.IsNullOrEmpty((string?)problem[name]), $"{name} is missing: {body}"));
        if (code is not null)
            Assert.Equal(code, (string?)problem["code"]);
        return problem;
    }

    /// <summary>The problem that one field or parameter, by name, must cause.</summary>
    public static async Task AssertWrongAsync(this HttpResponseMessage response, HttpStatusCode status, string field)
    {
        var problem = await response.ProblemAsync(status);
        Assert.Contains(field, problem["errors"]!.AsObject().Select(error => error.Key));
    }
}
