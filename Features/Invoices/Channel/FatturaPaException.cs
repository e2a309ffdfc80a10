namespace ECommerce.Features.Invoices.Channel;

/// <summary>Why the provider, or its storage, did not do what it was asked for.</summary>
internal enum ProviderFault
{
    /// <summary>The provider does not accept the API key, or there is none.</summary>
    InvalidKey,

    /// <summary>The provider has refused the request, for a reason that it states.</summary>
    Refused,

    /// <summary>429: later.</summary>
    TooManyRequests,

    /// <summary>5xx: an error of the provider.</summary>
    Unavailable,

    /// <summary>No connection: the request has not been seen.</summary>
    Unreachable,

    /// <summary>The connection broke: the request may have been carried out.</summary>
    Broken,

    /// <summary>No complete response in time: the request may have been carried out.</summary>
    TooSlow,

    /// <summary>The response is larger than it may be.</summary>
    TooLarge,

    /// <summary>The response is not what was expected.</summary>
    Unreadable,

    /// <summary>A link leads to a host that is not allowed.</summary>
    ForeignLink,

    /// <summary>A link has expired, or its storage refuses it.</summary>
    LinkRefused,

    /// <summary>There is no such file.</summary>
    NotFound,
}

/// <summary>
/// A failed call. The message is for people: it names the step, and holds neither the key nor an address; there is no
/// inner exception, whose message could.
/// </summary>
internal sealed class FatturaPaException(ProviderFault fault, string message) : Exception(message)
{
    public ProviderFault Fault => fault;

    /// <summary>What the provider asks to wait; null: nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the provider's own error format states the reason.</summary>
    public bool IsStated { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient => Fault is ProviderFault.TooManyRequests or ProviderFault.Unavailable
        or ProviderFault.Unreachable or ProviderFault.Broken or ProviderFault.TooSlow;

    /// <summary>Whether the request may have been carried out.</summary>
    public bool IsUncertain => Fault is ProviderFault.Unavailable or ProviderFault.Broken or ProviderFault.TooSlow
        or ProviderFault.TooLarge or ProviderFault.Unreadable;
}
