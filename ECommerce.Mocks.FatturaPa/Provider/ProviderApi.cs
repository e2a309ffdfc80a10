using System.Text.Json.Serialization;
using ECommerce.Mocks.FatturaPa.Pool;
using ECommerce.Mocks.FatturaPa.Sdi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Mocks.FatturaPa.Provider;

/// <summary>A link, and the name of what it leads to.</summary>
internal sealed record Link(
    [property: JsonPropertyName("Name")] string Name, [property: JsonPropertyName("Complete")] string Complete);

/// <summary>The outcome of an upload; the message is that of a refusal.</summary>
internal sealed record Stopped(
    [property: JsonPropertyName("Name")] string Name, [property: JsonPropertyName("Status")] string Status,
    [property: JsonPropertyName("Message"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Message = null);

/// <summary>The provider's calls: all of them GET, also those that change something, in any case of letters.</summary>
internal static class ProviderApi
{
    public const string Root = "/ws/V10.svc/rest";

    public static void MapProvider(this IEndpointRouteBuilder app)
    {
        var rest = app.MapGroup(Root);

        rest.MapGet("/Verify/{key}", Verify);
        rest.MapGet("/UploadStart/{key}", static (string key, HttpRequest request, Accounts accounts, Links links) =>
            Start(key, null, request, accounts, links));
        rest.MapGet("/UploadStart1/{key}/{fileName}", Start);
        rest.MapGet("/UploadStop1/{key}/{name}", Deposit);
        rest.MapGet("/UploadStop/{key}/{name}", Send);
        rest.MapGet("/Pool/{key}", ListPool);
    }

    private static Results<Ok<bool>, WcfFault> Verify(string key, Accounts accounts) =>
        accounts.Find(key) is null ? WcfFault.InvalidKey : TypedResults.Ok(true);

    private static Results<Ok<Link>, WcfFault> Start(
        string key, string? fileName, HttpRequest request, Accounts accounts, Links links)
    {
        if (accounts.Find(key) is not { } account)
            return WcfFault.InvalidKey;
        var upload = account.Open(fileName);
        var link = links.Create(request, $"/blob/upload/{account.Number}/{upload.Name}");
        return TypedResults.Ok(new Link(upload.Name, link.AbsoluteUri));
    }

    private static Results<Ok<Stopped>, WcfFault> Deposit(string key, string name, Accounts accounts)
    {
        if (accounts.Find(key) is not { } account)
            return WcfFault.InvalidKey;
        return account.FindUpload(name)?.Content is null
            ? WcfFault.NoUpload
            : TypedResults.Ok(new Stopped(name, "Deposited"));
    }

    private static Results<Ok<Stopped>, WcfFault> Send(string key, string name, Accounts accounts, SdiService sdi)
    {
        if (accounts.Find(key) is not { } account)
            return WcfFault.InvalidKey;
        if (account.FindUpload(name) is not { Content: { } content } upload)
            return WcfFault.NoUpload;
        return TypedResults.Ok(
            sdi.Receive(account, upload.FileName ?? InvoiceXml.NameOf(content), content) is { } refusal
                ? new Stopped(name, "KO", refusal)
                : new Stopped(name, "Sent"));
    }

    private static Results<Ok<Link>, WcfFault> ListPool(
        string key, HttpRequest request, Accounts accounts, Links links) =>
        accounts.Find(key) is { } account
            ? TypedResults.Ok(new Link("events", links.Create(request, $"/table/events{account.Number}").AbsoluteUri))
            : WcfFault.InvalidKey;
}
