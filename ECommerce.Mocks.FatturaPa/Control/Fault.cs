namespace ECommerce.Mocks.FatturaPa.Control;

internal enum FaultKind
{
    /// <summary>The connection breaks before anything is done.</summary>
    Drop,

    /// <summary>The request is carried out, and the connection breaks without a response.</summary>
    DropAfter,

    /// <summary>The correct response, delayed; a client that is gone by then stops it.</summary>
    Slow,

    /// <summary>The request is carried out after the delay, whether the client waits or not.</summary>
    Late,

    /// <summary>The request is carried out, and there is no response.</summary>
    Mute,

    /// <summary>500 with a page of the host.</summary>
    Error500,

    /// <summary>The request is carried out, and the response is 500 with a page of the host.</summary>
    Error500After,

    /// <summary>503 with a page of the host.</summary>
    Unavailable,

    /// <summary>401 with a fault of WCF.</summary>
    Unauthorized,

    /// <summary>403 with an error of Azure's storage: the link has expired.</summary>
    Expired,

    /// <summary>429 with Retry-After of one second.</summary>
    TooMany,

    /// <summary>400 with a fault of WCF.</summary>
    Refused,

    /// <summary>200 with a fault of WCF.</summary>
    FaultIn200,

    /// <summary>200 and not one byte.</summary>
    Empty,

    /// <summary>200 with a page of the host.</summary>
    Html,

    /// <summary>302 to another host.</summary>
    Redirect,

    /// <summary>200 with a link to another host.</summary>
    ForeignLink,

    /// <summary>A body of 118 MB.</summary>
    Huge,

    /// <summary>A body without an end.</summary>
    Endless,

    /// <summary>A body of one byte in five seconds.</summary>
    Drip,
}

/// <summary>
/// A fault to come. Without a call it strikes any; <c>times</c> 0 means until it is removed; <c>host</c> is that of
/// <see cref="FaultKind.ForeignLink"/>.
/// </summary>
internal sealed record Fault(
    FaultKind Kind, int Times = 1, string? Call = null, int DelayMs = 1000, string Host = "metadata.example");
