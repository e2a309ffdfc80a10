namespace ECommerce.Mocks.PrestaShop.Control;

internal enum FaultKind
{
    /// <summary>500 with a page of PHP.</summary>
    Html500,

    /// <summary>The correct response, delayed.</summary>
    Slow,

    /// <summary>The connection breaks without a response.</summary>
    Drop,

    /// <summary>200 and not one byte.</summary>
    Empty,

    /// <summary>503 with a page of the host.</summary>
    Unavailable,

    /// <summary>429 with a page of the host and Retry-After.</summary>
    TooMany,

    /// <summary>The correct response behind a PHP notice.</summary>
    Notice,

    /// <summary>200 and not one byte for every page that holds one row: PHP cannot encode it.</summary>
    EmptyRow,

    /// <summary>Every row at once, whatever the filter, the order and the limit.</summary>
    IgnoreQuery,

    /// <summary>At most so many rows a page, whatever is asked.</summary>
    Cap,

    /// <summary>A page of 118 MB.</summary>
    Huge,

    /// <summary>A body without an end.</summary>
    Endless,

    /// <summary>A body of one byte in five seconds.</summary>
    Drip,

    /// <summary>The webservice is switched off: 503 with error 22.</summary>
    Disabled,

    /// <summary>403 with an error in Italian.</summary>
    Forbidden,

    /// <summary>302 to another address, whose query repeats that of the request.</summary>
    Redirect,

    /// <summary>The host removes the header Authorization.</summary>
    StripAuthorization,

    /// <summary>429 for a request within so many milliseconds of the last one.</summary>
    Rate,

    /// <summary>
    /// The correct response after <c>delay_ms</c>, and what is written is written then, also when the client is gone.
    /// </summary>
    Late,

    /// <summary>What is written is written at once, and there is no response.</summary>
    Mute,

    /// <summary>What is written is written, and the connection breaks without a response.</summary>
    DropAfter,

    /// <summary>405 with error 25: the key may not use the method.</summary>
    Method,
}

/// <summary>
/// A fault to come. Without a resource it strikes any; <c>times</c> 0 means until it is removed. With <c>every</c> it
/// strikes one request of so many, by a fixed seed. <c>row</c>: the row of EmptyRow, or the number of rows of Cap.
/// <c>on</c>: the one HTTP method that it strikes.
/// </summary>
internal sealed record Fault(
    FaultKind Kind, int Times = 1, string? Resource = null, int DelayMs = 1000, int Every = 1, int Row = 0,
    string? On = null);
