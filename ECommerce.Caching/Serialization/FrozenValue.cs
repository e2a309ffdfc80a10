namespace ECommerce.Caching.Serialization;

/// <summary>A value made ready for the layers: its payload, and whether its callers need copies.</summary>
/// <param name="Value">What the factory returned, or what was read from Redis.</param>
/// <param name="Payload">Its bytes; null if they would not bring the whole value back.</param>
/// <param name="Copies">Makes a copy for each caller; null if all share the value.</param>
/// <param name="Size">Bytes of the value, for the bounds of L1.</param>
/// <param name="MutableMember">The member that makes the value mutable, if one does.</param>
/// <param name="Loss">What serialising would lose; null if nothing.</param>
internal readonly record struct FrozenValue<T>(
    T Value, byte[]? Payload, CopySource<T>? Copies, int Size, string? MutableMember, SerializationLoss? Loss)
{
    /// <summary>
    /// Whether it can be stored at all: a mutable value that cannot be copied would be changed by its callers.
    /// </summary>
    public bool CanStore => MutableMember is null || Copies is not null;
}

/// <summary>What a serialised value lacks.</summary>
/// <param name="Member">The member that is not brought back (<c>Account.Owner</c>).</param>
/// <param name="Exception">What the serializer threw, if it did.</param>
internal sealed record SerializationLoss(string Member, Exception? Exception = null);

/// <summary>The payload of a mutable value, read anew for each caller.</summary>
internal sealed class CopySource<T>(byte[] payload, ValueSerializer<T> serializer)
{
    public T Copy() => serializer.Read(payload);
}
