namespace ECommerce.Mocks.PrestaShop.Webservice;

/// <summary>The bodies that replace the webservice's own responses when PHP or the host fails.</summary>
internal static class Php
{
    public static Reply Fatal() => Html(
        500,
        "<!DOCTYPE html>\n<html><head><title>500 Internal Server Error</title></head><body>"u8
            + "<h1>Internal Server Error</h1>"u8
            + "<p><b>Fatal error</b>: Allowed memory size of 134217728 bytes exhausted in "u8
            + "<b>/var/www/classes/ObjectModel.php</b></p></body></html>"u8);

    public static Reply Unavailable() =>
        Html(
            503,
            "<html><head><title>503 Service Unavailable</title></head><body>"u8
                + "<h1>Manutenzione in corso</h1></body></html>"u8);

    public static Reply TooMany() =>
        Html(429, "<html><head><title>429 Too Many Requests</title></head><body></body></html>"u8);

    public static Reply Disabled() => Json(
        503, "{\"errors\":[{\"code\":22,\"message\":\"The PrestaShop webservice is disabled. "u8
        + "Please activate it in the PrestaShop Back Office\"}]}"u8);

    public static Reply Forbidden() => Json(
        403, "{\"errors\":[{\"code\":132,\"message\":\"Accesso negato: la chiave non è valida\"}]}"u8);

    public static Reply MethodNotAllowed() => Json(
        405, "{\"errors\":[{\"code\":25,\"message\":\"Method is not allowed for the resource with this "u8
        + "authentication key\"}]}"u8);

    /// <summary>An unknown order state ends the script in the middle.</summary>
    public static Reply Died() => Html(500, "<p>Order state cannot be loaded</p>"u8);

    public static ReadOnlySpan<byte> Notice =>
        "<br />\n<b>Notice</b>:  Undefined index: id_lang in <b>/var/www/modules/demo/demo.php</b> "u8
        + "on line <b>42</b><br />\n"u8;

    private static Reply Html(int status, ReadOnlySpan<byte> body) =>
        new(status, body.ToArray(), "text/html; charset=utf-8");

    private static Reply Json(int status, ReadOnlySpan<byte> body) => new(status, body.ToArray(), "application/json");
}
