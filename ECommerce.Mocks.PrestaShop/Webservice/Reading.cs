using System.Text;
using ECommerce.Mocks.PrestaShop.Control;
using ECommerce.Mocks.PrestaShop.Output;
using ECommerce.Mocks.PrestaShop.Query;
using ECommerce.Mocks.PrestaShop.Storage;
using Microsoft.Extensions.Options;

namespace ECommerce.Mocks.PrestaShop.Webservice;

/// <summary>GET and HEAD: the list of resources, lists, single objects and templates.</summary>
internal sealed class Reading(ShopStore shop, IOptions<ShopOptions> options)
{
    private readonly ShopOptions _options = options.Value;

    public Reply Read(ApiRequest request, IOutput output, IReadOnlyList<int> languages)
    {
        if (request.Resource == "")
            return Resources(request, output);

        var table = shop[request.Resource];
        if (request.Id is not null)
            return Single(table, request, output, languages);
        if (request.Query.TryGetValue("schema", out var kind))
            return Template(table.Schema, kind, languages);

        // Newer versions compare a number without brackets by =, older ones by LIKE.
        var query = ListQuery.Parse(
            table.Schema, request.Query, bareNumberIsLike: _options.Profile is not ("8.2" or "9.0"));
        var rows = Struck(query.Run(table), table, request.Fault);
        if (rows is null)
            return Reply.Empty(200);
        var body = query.Selection is { } selection
            ? output.List(table.Schema, rows, selection, languages)
            : output.Ids(table.Schema, rows);
        return Reply.Content(200, body, output.ContentType);
    }

    /// <summary>The rows under a fault; null for a body that is empty.</summary>
    private static IReadOnlyList<Row>? Struck(IReadOnlyList<Row> rows, Table table, Fault? fault) => fault?.Kind switch
    {
        FaultKind.EmptyRow when rows.Any(row => row.Id == fault.Row) => null,
        FaultKind.IgnoreQuery => table.Snapshot,
        FaultKind.Cap => [.. rows.Take(fault.Row)],
        _ => rows,
    };

    private static Reply Single(Table table, ApiRequest request, IOutput output, IReadOnlyList<int> languages)
    {
        var display = request.Query.GetValueOrDefault("display");
        var selection = display is null or "minimum" ? null : Selection.Parse(table.Schema, display);
        // No error either: the shop sends an empty response.
        if (table.Find((int)SqlText.Number(request.Id!)) is not { } row)
            return Reply.Empty(404);

        var body = (display, selection) switch
        {
            (null, _) => output.Single(row, languages),
            (_, null) => output.Ids(table.Schema, [row]),
            _ => output.List(table.Schema, [row], selection, languages),
        };
        return Reply.Content(200, body, output.ContentType);
    }

    private Reply Resources(ApiRequest request, IOutput output)
    {
        var allowed = ResourceNames.All.Where(name => !_options.IsDenied(name));
        if (!request.WantsJson)
            return Reply.Content(200, new XmlOutput(request.Root).Resources(allowed), output.ContentType);

        // A bug of version 8 that clients have to live with.
        if (!_options.IsOld)
            return Php.Fatal();
        return Reply.Content(
            200, Encoding.UTF8.GetBytes(
                $"[{string.Join(',', allowed.Select(name => $"\"{name}\""))}]"), output.ContentType);
    }

    private static Reply Template(ResourceSchema schema, string kind, IReadOnlyList<int> languages)
    {
        if (kind is not ("blank" or "synopsis"))
        {
            throw new WebserviceException(
                400, 28, "Please select a schema of type 'synopsis' to get the whole schema informations "
                + "(which fields are required, which kind of content...) or 'blank' to get an empty schema to fill "
                + "before using POST request");
        }

        return Reply.Content(200, XmlOutput.Template(schema, kind == "synopsis", languages), "text/xml");
    }
}
