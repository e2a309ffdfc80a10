using System.Globalization;
using ECommerce.Mocks.PrestaShop.Storage;
using Microsoft.Extensions.Options;

namespace ECommerce.Mocks.PrestaShop.Webservice;

/// <summary>
/// The checks before a request is looked at, in the shop's order: of two errors the first is reported.
/// </summary>
internal sealed class AccessChecks(IOptions<ShopOptions> options)
{
    private static readonly string[] Methods = ["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD"];

    // What this mock can do besides reading.
    private static readonly (
        string Resource, string Method)[] Writable = [("order_histories", "POST"), ("stock_availables", "PUT")];

    private readonly ShopOptions _options = options.Value;

    public void CheckKey(ApiRequest request)
    {
        if (_options.Disabled)
        {
            throw new WebserviceException(
                503, 22, "The PrestaShop webservice is disabled. Please activate it in the PrestaShop Back Office");
        }

        var key = request.Key?.Trim() ?? "";
        if (key == "")
            throw new WebserviceException(401, 17, "Authentication key is empty");
        if (key.Length != 32)
            throw new WebserviceException(401, 18, "Invalid authentication key format");
        if (key != _options.Key)
        {
            throw new WebserviceException(
                401,
                new WebserviceError(20, "Authentification key is not active"),
                new WebserviceError(21, "No permission for this authentication key"));
        }
    }

    public static void CheckShop(ApiRequest request)
    {
        var group = request.Query.GetValueOrDefault("id_shop_group")
            ?? request.Query.GetValueOrDefault("id_group_shop");
        if (IsNumber(group) && group != "1")
            throw new WebserviceException(500, 999, "This shop group doesn't have shops");

        var shop = request.Query.GetValueOrDefault("id_shop");
        if (shop is null or "all" or "1")
            return;
        if (!IsNumber(shop))
            throw new WebserviceException(404, 999, "This shop id does not exist");
        throw new WebserviceException(403, 132, "No permission for this key on this shop");
    }

    public void CheckResource(ApiRequest request)
    {
        if (request.Resource == "")
            return;
        if (!ResourceNames.All.Contains(request.Resource))
        {
            throw WebserviceException.DidYouMean(
                400, 27, $"Resource of type \"{request.Resource}\" does not exists", request.Resource,
                ResourceNames.All);
        }

        if (_options.IsDenied(request.Resource))
        {
            throw new WebserviceException(
                401, 26, $"Resource of type \"{request.Resource}\" is not allowed with this authentication key");
        }
    }

    public void CheckMethod(ApiRequest request)
    {
        var (method, resource) = (request.Method, request.Resource);
        if (!Methods.Contains(method) || (method == "PATCH" && _options.IsOld))
            throw new WebserviceException(405, 23, $"Method {method} is not valid");
        if (resource == "stock_availables" && method is "POST" or "DELETE")
            throw new WebserviceException(405, 101, $"Method {method} is not allowed for the resource {resource}");
        if (method is not ("GET" or "HEAD") && !Writable.Contains((resource, method)))
        {
            throw new WebserviceException(
                405, 25, $"Method {method} is not allowed for the resource {resource} with this authentication key");
        }
    }

    private static bool IsNumber(string? text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _);
}
