using System.Text;
using System.Xml;
using System.Xml.Linq;
using ECommerce.Mocks.PrestaShop.Output;
using ECommerce.Mocks.PrestaShop.Query;
using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Webservice;

/// <summary>
/// POST of order_histories and PUT of stock_availables. Bodies are XML, whatever the format of the response.
/// </summary>
internal sealed class Writing(ShopStore shop, ShopChanges changes)
{
    private static readonly string[] RequiredOfHistory = ["id_order_state", "id_order"];
    private static readonly string[] RequiredOfStock =
        ["id_product", "id_product_attribute", "quantity", "depends_on_stock", "out_of_stock"];

    public async Task<Reply> WriteAsync(
        ApiRequest request, Stream body, IOutput output, IReadOnlyList<int> languages,
        CancellationToken cancellationToken)
    {
        var values = await ReadAsync(body, cancellationToken);
        return request.Method == "POST"
            ? AddHistory(request, values, output, languages)
            : ReplaceStock(request, values, output, languages);
    }

    private Reply AddHistory(
        ApiRequest request, Dictionary<string, string> values, IOutput output, IReadOnlyList<int> languages)
    {
        if (values.GetValueOrDefault("id") is not (null or ""))
            throw new WebserviceException(400, 91, "id is forbidden when adding a new resource");
        CheckRequired(values, RequiredOfHistory);

        var (order, state) = (ShopFormat.Int(values["id_order"]), ShopFormat.Int(values["id_order_state"]));
        if (shop["orders"].Find(order) is null)
        {
            throw new WebserviceException(
                400, 85, "Validation error: \"Property OrderHistory->id_order is not valid\"");
        }

        return changes.SetState(
            order, state, ShopFormat.Int(values.GetValueOrDefault("id_employee", ""))) is { } history
            ? Entity(201, history, request, output, languages)
            : Php.Died();
    }

    private Reply ReplaceStock(
        ApiRequest request, Dictionary<string, string> values, IOutput output, IReadOnlyList<int> languages)
    {
        if (values.GetValueOrDefault("id") is null or "")
            throw new WebserviceException(400, 90, "id is required when modifying a resource");

        var id = ShopFormat.Int(values["id"]);
        if (shop["stock_availables"].Find(id) is null)
            throw new WebserviceException(404, 92, "Invalid ID");
        CheckRequired(values, RequiredOfStock);
        if (!int.TryParse(values["quantity"], out _))
        {
            throw new WebserviceException(
                400, 85, "Validation error: \"Property StockAvailable->quantity is not valid\"");
        }

        return Entity(200, changes.SetStock(id, values)!, request, output, languages);
    }

    private static Reply Entity(
        int status, Row row, ApiRequest request, IOutput output, IReadOnlyList<int> languages) => Reply.Content(
        status,
        // In JSON the response to a write has the plural form as soon as display is in the query.
        request.WantsJson && request.Query.ContainsKey("display")
            ? output.List(row.Schema, [row], Selection.Full(row.Schema), languages)
            : output.Single(row, languages),
        output.ContentType);

    private static void CheckRequired(Dictionary<string, string> values, string[] names)
    {
        if (Array.Find(names, name => !values.ContainsKey(name)) is { } missing)
            throw new WebserviceException(400, 41, $"parameter \"{missing}\" required");
    }

    private static async Task<Dictionary<string, string>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellationToken);
        // A form with the one field "xml" is taken as well.
        if (text.StartsWith("xml=", StringComparison.Ordinal))
            text = Uri.UnescapeDataString(text[4..].Replace('+', ' '));
        try
        {
            using var xml = XmlReader.Create(
                new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            var entity = XDocument.Load(xml).Root?.Elements().FirstOrDefault();
            return entity?.Elements().Where(element => element.Name.LocalName != "associations")
                .GroupBy(element => element.Name.LocalName)
                .ToDictionary(group => group.Key, group => group.Last().Value) ?? [];
        }
        catch (XmlException exception)
        {
            throw new WebserviceException(
                500, 127, $"XML error : {exception.Message}\nXML length : {text.Length}\nOriginal XML : {text}");
        }
    }
}
