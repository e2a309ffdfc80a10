using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard;

internal static class WebFile
{
    public static IResult Answer(string name, int status = StatusCodes.Status200OK) =>
        Results.Text(Read(name), TypeOf(name), statusCode: status);

    private static string Read(string name)
    {
        using var stream = typeof(WebFile).Assembly.GetManifestResourceStream($"Dashboard/Web/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
}
