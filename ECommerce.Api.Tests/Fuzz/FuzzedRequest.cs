namespace ECommerce.Api.Tests.Fuzz;

/// <summary>A request, and the row that its path names; null where the path names none.</summary>
internal sealed record FuzzedRequest(ApiOperation Operation, string Path, long? Id, FuzzedBody? Body)
{
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>A new message: the same request may be sent again.</summary>
    public HttpRequestMessage CreateMessage(Uri server)
    {
        // As it is: the client would resolve and unescape parts of the path.
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var uri = new Uri(server.GetLeftPart(UriPartial.Authority) + Path, options);
        var message = new HttpRequestMessage(Operation.Method, uri);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body.Bytes);
            if (Body.Type.Length > 0)
                message.Content.Headers.TryAddWithoutValidation("Content-Type", Body.Type);
        }
        foreach (var (name, value) in Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        return message;
    }

    public override string ToString() =>
        $"{Operation.Method} {Path} {string.Join(' ', Headers.Where(header => header.Key != "Authorization"))} "
        + $"{Body?.Type} {Body?.Text}";
}
