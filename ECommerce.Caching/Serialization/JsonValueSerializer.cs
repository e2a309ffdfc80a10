using System.Text.Json;

namespace ECommerce.Caching.Serialization;

/// <summary>
/// Values as JSON. The first value of a type is read back and compared; of a type that may lose something, every value
/// is.
/// </summary>
internal sealed class JsonValueSerializer<T>(JsonContract contract) : ValueSerializer<T>("json", contract.MembersOf)
{
    // How the default encoder writes the replacement character, which stands for half a surrogate pair; and as it is.
    private static ReadOnlySpan<byte> EscapedReplacement => "\\uFFFD"u8;

    private static ReadOnlySpan<byte> Replacement => [0xEF, 0xBF, 0xBD];

    private readonly Lazy<string?> _doubtful = new(() => contract.DoubtfulMember(typeof(T)));
    private volatile bool _isProved;

    protected override byte[] Write(T value) => JsonSerializer.SerializeToUtf8Bytes(value, contract.Options);

    public override T Read(ReadOnlyMemory<byte> payload) =>
        JsonSerializer.Deserialize<T>(payload.Span, contract.Options)!;

    protected override SerializationLoss? FindLoss(T value, byte[] payload)
    {
        if (value is null || (_isProved && _doubtful.Value is null && !IsReplaced(payload)))
            return null;
        if (ValueGraph.Difference(value, Read(payload)) is { } member)
            return new SerializationLoss(member);
        _isProved = true;
        return null;
    }

    protected override string BlameFor(Exception exception) => _doubtful.Value ?? base.BlameFor(exception);

    private static bool IsReplaced(ReadOnlySpan<byte> payload) =>
        payload.IndexOf(EscapedReplacement) >= 0 || payload.IndexOf(Replacement) >= 0;
}
