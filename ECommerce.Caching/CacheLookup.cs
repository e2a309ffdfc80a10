namespace ECommerce.Caching;

/// <summary>What a layer had under a key.</summary>
/// <param name="Found">Whether there was a value; null may be one.</param>
/// <param name="Value">The value; the default of the type if there was none.</param>
public readonly record struct CacheLookup<T>(bool Found, T? Value);
