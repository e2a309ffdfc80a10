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
}

/// <summary>A fault to come. Without a resource it strikes any; <c>times</c> 0 means until it is removed.</summary>
internal sealed record Fault(FaultKind Kind, int Times = 1, string? Resource = null, int DelayMs = 1000);
