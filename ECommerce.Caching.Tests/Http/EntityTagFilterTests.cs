using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Http;

/// <summary>The filter adds an entity tag to what the result writes, and changes nothing else of it.</summary>
public class EntityTagFilterTests
{
    private static readonly JsonSerializerOptions UpperCase =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseUpper };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [JsonPolymorphic]
    [JsonDerivedType(typeof(Square), "square")]
    internal abstract record Shape(int Id);
    internal sealed record Square(int Id, int Side) : Shape(Id);

    [Theory]
    [InlineData("/stream")]
    [InlineData("/shape")]
    [InlineData("/shapes")]
    [InlineData("/json")]
    [InlineData("/plain")]
    [InlineData("/value")]
    [InlineData("/made")]
    [InlineData("/made-at")]
    [InlineData("/accepted")]
    public async Task A_result_writes_the_same_with_the_filter_as_without(string path)
    {
        await using var site = await MappedSite.StartAsync(null, (group, _) =>
        {
            Map(group);
            group.MapGet("/named/{id}", (int id) => TypedResults.Ok(id)).WithName("named");
        });
        await using var bare = await MappedSite.StartAsync(null, (_, _) => { }, inner: app =>
        {
            Map(app);
            app.MapGet("/named/{id}", (int id) => TypedResults.Ok(id)).WithName("named");
        });

        using var filtered = await site.GetAsync(path);
        using var unfiltered = await bare.GetAsync(path);

        Assert.Equal(unfiltered.StatusCode, filtered.StatusCode);
        Assert.Equal(
            await unfiltered.Content.ReadAsStringAsync(Ct), await filtered.Content.ReadAsStringAsync(Ct));
        Assert.Equal(unfiltered.Content.Headers.ContentType, filtered.Content.Headers.ContentType);
        Assert.Equal(PathOf(unfiltered), PathOf(filtered));
        Assert.True(unfiltered.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_hit_has_the_content_type_and_the_body_of_its_result()
    {
        await using var site = await MappedSite.StartAsync(null, (group, site) => group.MapGet(
            "/o/{id}", async (string id) =>
                TypedResults.Json(await site.ReadAsync(id), UpperCase, "application/hal+json", 200))
            .CacheOutput(policy => MappedSite.Under(policy)));
        (await site.GetAsync("/o/1")).Dispose();
        await site.StoredAsync(1);

        using var hit = await site.GetAsync("/o/1");

        Assert.Equal("application/hal+json", hit.Header("Content-Type"));
        Assert.Equal("""{"ID":1,"NAME":"lamp"}""", await hit.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Synchronous_writes_that_the_server_allows_work_with_conditions_and_head_too()
    {
        await using var site = await MappedSite.StartAsync(
            null, (group, _) =>
            {
                group.MapGet("/xml", (HttpContext context) => context.Response.Body.Write("<a/>"u8));
                group.MapGet("/flushed", (HttpContext context) =>
                {
                    context.Response.ContentLength = 4;
                    context.Response.Body.Flush();
                    context.Response.Body.Write("<a/>"u8);
                });
            }, add: builder => builder.Services.Configure<KestrelServerOptions>(
                kestrel => kestrel.AllowSynchronousIO = true));

        foreach (var path in (string[])["/xml", "/flushed"])
        {
            using var conditional = await site.GetAsync(path, ("If-None-Match", "\"x\""));
            Assert.Equal("<a/>", await conditional.Content.ReadAsStringAsync(Ct));
            using var head = await site.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Ct);
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        }
    }

    [Theory]
    [InlineData("/events")]
    [InlineData("/deaf")]
    public async Task Head_of_an_endless_stream_gives_its_connection_back(string path)
    {
        await using var site = await MappedSite.StartAsync(null, (group, _) =>
        {
            group.MapGet("/events", (HttpContext context) => StreamAsync(context, context.RequestAborted));
            // Ignores that it is cancelled.
            group.MapGet("/deaf", (HttpContext context) => StreamAsync(context, CancellationToken.None));
            group.MapGet("/ok", () => "ok");
        });
        using var one = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 })
        {
            BaseAddress = site.Client.BaseAddress,
            Timeout = TimeSpan.FromSeconds(10),
        };

        using var head = await one.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Ct);

        Assert.Equal("text/event-stream", head.Header("Content-Type"));
        Assert.Equal("ok", await one.GetStringAsync("/ok", Ct));
    }

    private static string? PathOf(HttpResponseMessage response) =>
        response.Headers.Location is not { } location ? null
            : location.IsAbsoluteUri ? location.PathAndQuery : location.ToString();

    private static async Task StreamAsync(HttpContext context, CancellationToken ct)
    {
        context.Response.ContentType = "text/event-stream";
        while (true)
        {
            await context.Response.WriteAsync("data: x\n\n", ct);
            await context.Response.Body.FlushAsync(ct);
            await Task.Delay(10, ct);
        }
    }

    private static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/stream", () => TypedResults.Ok(NumbersAsync()));
        app.MapGet("/shape", () => TypedResults.Ok<Shape>(new Square(1, 2)));
        app.MapGet("/shapes", () => TypedResults.Ok<Shape[]>([new Square(1, 2)]));
        app.MapGet("/json", () => TypedResults.Json(new Square(1, 2), UpperCase, "application/hal+json"));
        app.MapGet("/plain", () => Results.Json("text", statusCode: 200));
        app.MapGet("/value", () => TypedResults.Ok("text"));
        app.MapGet("/made", () => TypedResults.CreatedAtRoute(new Square(5, 2), "named", new { id = 5 }));
        app.MapGet("/made-at", () => TypedResults.Created("/named/6", new Square(6, 2)));
        app.MapGet("/accepted", () => TypedResults.AcceptedAtRoute(new Square(5, 2), "named", new { id = 5 }));
    }

    private static async IAsyncEnumerable<int> NumbersAsync()
    {
        yield return 1;
        await Task.Yield();
        yield return 2;
    }
}
