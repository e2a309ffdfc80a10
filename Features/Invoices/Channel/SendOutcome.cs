namespace ECommerce.Features.Invoices.Channel;

/// <summary>What is known after an attempt to send a file.</summary>
internal enum SendState
{
    /// <summary>The provider has taken it, or it is in the pool.</summary>
    Sent,

    /// <summary>Refused by the provider: the SDI has not seen it, and its name may be used again.</summary>
    Refused,

    /// <summary>Nothing was sent: the same file may be sent again.</summary>
    NotSent,

    /// <summary>It may have been sent: before another attempt the pool must be searched for it.</summary>
    Uncertain,
}

/// <summary>The outcome of an attempt to send a file.</summary>
internal sealed record SendOutcome(SendState State)
{
    /// <summary>For people; null: nothing went wrong.</summary>
    public string? Message { get; init; }

    /// <summary>Of a failure.</summary>
    public ProviderFault? Fault { get; init; }

    /// <summary>IdentificativoSdI, where the pool has shown it.</summary>
    public string? SdiId { get; init; }

    /// <summary>What the provider asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static SendOutcome Of(SendState state, FatturaPaException failure) =>
        new(state) { Message = failure.Message, Fault = failure.Fault, RetryAfter = failure.RetryAfter };
}
