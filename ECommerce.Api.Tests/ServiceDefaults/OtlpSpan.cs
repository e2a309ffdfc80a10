using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ECommerce.Api.Tests.ServiceDefaults;

/// <summary>
/// A span as it was exported; the numbers are the fields of opentelemetry/proto/trace/v1/trace.proto.
/// </summary>
internal sealed record OtlpSpan(
    string Source, string TraceId, string SpanId, string ParentId, string Name, ulong Kind, ulong Status,
    Dictionary<string, string> Attributes)
{
    public const ulong Server = 2;
    public const ulong Client = 3;
    public const ulong Error = 2;

    public static IEnumerable<OtlpSpan> ReadAll(byte[] exportRequest) =>
        from resourceSpans in Messages(exportRequest, 1)
        from scopeSpans in Messages(resourceSpans, 2)
        from span in Messages(scopeSpans, 2)
        select Read(Text(Messages(scopeSpans, 1).Single(), 1), span);

    private static OtlpSpan Read(string source, byte[] span) => new(
        source,
        Hex(span, 1),
        Hex(span, 2),
        Hex(span, 4),
        Text(span, 5),
        Number(span, 6),
        Messages(span, 15).Select(status => Number(status, 3)).SingleOrDefault(),
        Messages(span, 9)
            .ToDictionary(attribute => Text(attribute, 1), attribute => Value(Messages(attribute, 2).Single())));

    private static string Value(byte[] any) => Fields(any).Select(field => field.Number switch
    {
        1 => Encoding.UTF8.GetString(field.Bytes),
        _ => field.Value.ToString(CultureInfo.InvariantCulture),
    }).FirstOrDefault("");

    private static string Hex(byte[] message, int field) =>
        Messages(message, field).Select(Convert.ToHexStringLower).SingleOrDefault("");

    private static string Text(byte[] message, int field) =>
        Messages(message, field).Select(Encoding.UTF8.GetString).SingleOrDefault("");

    private static ulong Number(byte[] message, int field) =>
        Fields(message).Where(found => found.Number == field).Select(found => found.Value).SingleOrDefault();

    private static IEnumerable<byte[]> Messages(byte[] message, int field) =>
        Fields(message).Where(found => found.Number == field).Select(found => found.Bytes);

    private static List<(int Number, ulong Value, byte[] Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, ulong, byte[])>();
        var rest = message.AsSpan();
        while (rest.Length > 0)
        {
            var tag = VarInt(ref rest);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add((number, VarInt(ref rest), []));
                    break;
                case 1:
                    fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(rest), []));
                    rest = rest[8..];
                    break;
                case 2:
                    var length = (int)VarInt(ref rest);
                    fields.Add((number, 0, rest[..length].ToArray()));
                    rest = rest[length..];
                    break;
                case 5:
                    fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(rest), []));
                    rest = rest[4..];
                    break;
                default:
                    throw new FormatException($"Wire type {tag & 7} is not one of protobuf 3.");
            }
        }
        return fields;
    }

    private static ulong VarInt(ref Span<byte> rest)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = rest[0];
            rest = rest[1..];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
