namespace ECommerce.Caching;

/// <summary>Why nothing is kept under a key.</summary>
public enum KeyFault
{
    /// <summary>Something may be.</summary>
    None,

    /// <summary>It is empty or blank.</summary>
    Empty,

    /// <summary>It is longer than is allowed, by default 1024 characters.</summary>
    TooLong,

    /// <summary>It has control characters.</summary>
    ControlCharacter,

    /// <summary>It has half of a surrogate pair, which no encoding keeps.</summary>
    HalfOfAPair,

    /// <summary>
    /// No policy covers it: what is read with plain options is kept in memory, and nothing of it in Redis.
    /// </summary>
    NoPolicy,
}
