using System.Net.Mime;
using System.Text;
using ECommerce.Mocks.FatturaPa.Pool;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ECommerce.Mocks.FatturaPa.Provider;

/// <summary>What the provider has at Azure: blobs, and a table of events. Links open it, not keys.</summary>
internal static class StorageApi
{
    // More than the SDI takes, which has a code for it.
    private const int MaxBytes = 8 << 20;

    public static void MapStorage(this IEndpointRouteBuilder app)
    {
        app.MapPut("/blob/upload/{account:int}/{name}", PutAsync);
        app.MapGet("/blob/files/{account:int}/{rowKey}/{fileName}", Get);
        app.MapGet("/table/events{account:int}", List);
    }

    private static async Task<Results<Created, StorageError>> PutAsync(
        int account, string name, HttpRequest request, Accounts accounts, Links links)
    {
        if (!links.IsValid(request))
            return StorageError.Forbidden;
        if (request.Headers["x-ms-blob-type"] != "BlockBlob")
            return new StorageError(StatusCodes.Status400BadRequest, "MissingRequiredHeader");
        if (accounts.Numbered(account)?.FindUpload(name) is not { } upload)
            return new StorageError(StatusCodes.Status404NotFound, "ResourceNotFound");
        using var body = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is > 0 and var read)
        {
            if (body.Length + read > MaxBytes)
                return new StorageError(StatusCodes.Status413PayloadTooLarge, "RequestBodyTooLarge");
            body.Write(buffer, 0, read);
        }
        upload.Content = body.ToArray();
        return TypedResults.Created();
    }

    private static Results<FileContentHttpResult, StorageError> Get(
        int account, string rowKey, HttpRequest request, Accounts accounts, Links links)
    {
        if (!links.IsValid(request))
            return StorageError.Forbidden;
        return accounts.Numbered(account)?.Find(rowKey) is { } entry
            ? TypedResults.Bytes(entry.Content, MediaTypeNames.Application.Octet)
            : new StorageError(StatusCodes.Status404NotFound, "BlobNotFound");
    }

    private static Results<ContentHttpResult, StorageError> List(
        int account, HttpRequest request, HttpResponse response, Accounts accounts, Links links,
        IOptions<ProviderOptions> options)
    {
        if (!links.IsValid(request) || accounts.Numbered(account) is not { } owner)
            return StorageError.Forbidden;
        var size = Math.Clamp(options.Value.PageSize, 1, 1000);
        if (TableQuery.Page(owner.Entries, request.Query, size, out var next) is not { } page)
            return new StorageError(StatusCodes.Status400BadRequest, "InvalidInput");
        if (next is not null)
        {
            response.Headers["x-ms-continuation-NextPartitionKey"] = next.PartitionKey;
            response.Headers["x-ms-continuation-NextRowKey"] = next.RowKey;
        }
        var address = $"{request.Scheme}://{request.Host}{request.Path}";
        return TypedResults.Content(
            EventFeed.Write(
                address, page, entry => links.Create(
                    request, $"/blob/files/{account}/{entry.RowKey}/{entry.FileName}")),
            "application/atom+xml; charset=utf-8", Encoding.UTF8);
    }
}

/// <summary>An error of Azure's storage.</summary>
internal sealed class StorageError(int status, string code) : IResult
{
    public static readonly StorageError Forbidden = new(StatusCodes.Status403Forbidden, "AuthenticationFailed");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/xml";
        httpContext.Response.Headers["x-ms-error-code"] = code;
        return httpContext.Response.WriteAsync(
            $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>",
            httpContext.RequestAborted);
    }
}
