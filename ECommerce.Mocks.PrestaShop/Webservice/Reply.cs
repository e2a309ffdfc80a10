namespace ECommerce.Mocks.PrestaShop.Webservice;

/// <summary>What goes back. Content of the shop has its SHA-1 in a header; errors and pages of PHP have not.</summary>
internal sealed record Reply(int Status, ReadOnlyMemory<byte> Body, string? ContentType, bool IsContent = false)
{
    public static Reply Content(int status, ReadOnlyMemory<byte> body, string contentType) =>
        new(status, body, contentType, IsContent: true);

    public static Reply Empty(int status) => new(status, ReadOnlyMemory<byte>.Empty, null);
}
