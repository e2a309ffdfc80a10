namespace ECommerce.Caching.Serialization;

/// <summary>Values of one type as bytes, and back.</summary>
internal abstract class ValueSerializer<T>(string format, Func<Type, IEnumerable<string>>? contract = null)
{
    private readonly Lazy<ulong> _typeId = new(() => TypeShape.Hash(typeof(T), format, contract));

    /// <summary>
    /// A number for the type, its shape and the format of its payload: what was written under another one reads as a
    /// miss.
    /// </summary>
    public ulong TypeId => _typeId.Value;

    /// <summary>May throw whatever a converter, constructor or setter throws.</summary>
    public abstract T Read(ReadOnlyMemory<byte> payload);

    protected abstract byte[] Write(T value);

    /// <summary>What reading the payload would lose of the value; null if nothing.</summary>
    protected virtual SerializationLoss? FindLoss(T value, byte[] payload) => null;

    /// <summary>Serialises a value. What that throws or would lose is part of the result.</summary>
    public FrozenValue<T> Freeze(T value)
    {
        var mutable = ImmutableType<T>.MutableMember(value);
        byte[]? payload = null;
        SerializationLoss? loss;
        try
        {
            payload = Write(value);
            loss = FindLoss(value, payload);
            // Copies are read from it: one is tried now.
            if (mutable is not null && loss is null)
                _ = Read(payload);
        }
        catch (LossException exception)
        {
            loss = new SerializationLoss(exception.Message);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            loss = new SerializationLoss(BlameFor(exception), exception);
        }
        if (loss is null)
            return new(value, payload, Source(payload!, mutable), payload!.Length, mutable, null);
        return new(value, null, null, Math.Max(payload?.Length ?? 0, ValueGraph.Size(value)), mutable, loss);
    }

    /// <summary>False if the payload is not of this type.</summary>
    public bool TryRead(ReadOnlyMemory<byte> payload, out FrozenValue<T> value)
    {
        try
        {
            var read = Read(payload);
            var mutable = ImmutableType<T>.MutableMember(read);
            var bytes = mutable is null ? null : payload.ToArray();
            value = new(read, bytes, bytes is null ? null : Source(bytes, mutable), payload.Length, mutable, null);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Any exception of a converter or constructor on unknown bytes: the entry is a miss, and the factory runs.
            value = default;
            return false;
        }
    }

    protected virtual string BlameFor(Exception exception) => TypeShape.NameOf(typeof(T));

    private CopySource<T>? Source(byte[] payload, string? mutable) =>
        mutable is null ? null : new CopySource<T>(payload, this);
}

/// <summary>Serialising this value would lose something, which the message names.</summary>
internal sealed class LossException(string member) : Exception(member);

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
    public byte[] Payload => payload;
    public ValueSerializer<T> Serializer => serializer;

    public T Copy() => serializer.Read(payload);
}
