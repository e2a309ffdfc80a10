using System.Globalization;
using System.Security.Cryptography;
using ECommerce.Mocks.PrestaShop.Control;
using ECommerce.Mocks.PrestaShop.Output;
using ECommerce.Mocks.PrestaShop.Query;
using ECommerce.Mocks.PrestaShop.Storage;
using Microsoft.Extensions.Options;

namespace ECommerce.Mocks.PrestaShop.Webservice;

/// <summary>Everything under <c>/api</c>: checks, the response, and its headers.</summary>
internal sealed class WebserviceEndpoint(
    AccessChecks checks, Reading reading, Writing writing, ShopStore shop, IOptions<ShopOptions> options,
    TimeProvider time)
{
    private const string Realm =
        "Basic realm=\"Welcome to PrestaShop Webservice, please enter the authentication key as the login."
        + " No password required.\"";

    private readonly ShopOptions _options = options.Value;

    public async Task HandleAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var request = ApiRequest.From(context);
        var headers = context.Response.Headers;
        if (request.Key is null && !_options.Disabled)
        {
            headers.WWWAuthenticate = Realm;
            await SendAsync(context, new(401, "401 Unauthorized"u8.ToArray(), "text/plain"));
            return;
        }

        IOutput output = request.WantsJson ? new JsonOutput(_options) : new XmlOutput(request.Root);
        headers["Access-Time"] = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        headers.XPoweredBy = "PrestaShop Webservice";
        var reply = await RespondAsync(context, request, output);
        headers["Execution-Time"] = time.GetElapsedTime(started).TotalSeconds.ToString(
            "0.###", CultureInfo.InvariantCulture);

        if (reply.IsContent)
        {
#pragma warning disable CA5350 // The shop's own checksum, and no protection of anything.
            var hash = Convert.ToHexStringLower(SHA1.HashData(reply.Body.Span));
#pragma warning restore CA5350
            headers["Content-Sha1"] = hash;
            if (!_options.IsOld && context.Request.Headers["Local-Content-Sha1"] == hash)
                reply = Reply.Empty(304);
        }

        await SendAsync(context, reply);
    }

    private async Task<Reply> RespondAsync(HttpContext context, ApiRequest request, IOutput output)
    {
        try
        {
            checks.CheckKey(request);
            // After authentication: the version is not disclosed without a key.
            context.Response.Headers["PSWS-Version"] = _options.Version;
            AccessChecks.CheckShop(request);
            var languages = Languages.Parse(request.Query.GetValueOrDefault("language"), shop.Languages);
            checks.CheckResource(request);
            checks.CheckMethod(request);
            return request.Method is "GET" or "HEAD"
                ? reading.Read(request, output, languages)
                : await writing.WriteAsync(request, context.Request.Body, output, languages, context.RequestAborted);
        }
        catch (WebserviceException exception)
        {
            if (exception.Status == 401 && exception.Errors[0].Code < 22)
                context.Response.Headers.WWWAuthenticate = Realm;
            return new(exception.Status, output.Errors(exception.Errors), output.ContentType);
        }
    }

    private static async Task SendAsync(HttpContext context, Reply reply)
    {
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;
        if (reply.Status == 304)
            return;

        // A PHP notice of a module spoils what comes after it.
        var notice = context.Items.ContainsKey(FaultKind.Notice) ? Php.Notice.ToArray() : [];
        if (notice.Length > 0)
            context.Response.ContentType = "application/javascript";
        context.Response.ContentLength = notice.Length + reply.Body.Length;
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        if (notice.Length > 0)
            await context.Response.Body.WriteAsync(notice, context.RequestAborted);
        await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
    }
}
