using System.Xml.Linq;

namespace ECommerce.Mocks.FatturaPa.Provider;

/// <summary>An error as WCF's REST services write it.</summary>
internal sealed class WcfFault(int status, string code, string reason) : IResult
{
    public static readonly WcfFault InvalidKey = new(StatusCodes.Status403Forbidden, "Sender", "Invalid key");

    public static readonly WcfFault NoUpload = new(
        StatusCodes.Status400BadRequest, "Sender", "There is no file of this name.");

    private static readonly XNamespace Envelope = "http://schemas.microsoft.com/ws/2005/05/envelope/none";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var fault = new XElement(
            Envelope + "Fault",
            new XElement(Envelope + "Code", new XElement(Envelope + "Value", code)),
            new XElement(Envelope + "Reason", new XElement(Envelope + "Text", reason)));
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/xml; charset=utf-8";
        await httpContext.Response.WriteAsync(
            fault.ToString(SaveOptions.DisableFormatting), httpContext.RequestAborted);
    }
}
