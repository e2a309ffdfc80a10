using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace ECommerce.Caching.Hashing;

/// <summary>
/// Hashes keys by their characters. Half of what a look-up in memory costs is the hash, so this one takes sixteen bytes
/// at a time: the sum of folded 128-bit products, as wyhash and foldhash do it. Secret seeds, different in every
/// process, prevent chosen keys from colliding (hash flooding).
/// </summary>
internal sealed class KeyHash
{
    private const int Block = 2 * sizeof(ulong);
    private readonly ulong _seed = Secret(), _other = Secret();

    public int Calculate(ReadOnlySpan<char> key)
    {
        ref var bytes = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(key));
        var left = key.Length * sizeof(char);
        var (hash, place) = (_seed ^ (ulong)left, _other);
        if (left < Block)
            return Short(ref bytes, left, hash, place);
        nint at = 0;
        for (; left > Block; left -= Block, at += Block)
        {
            // Each block has a factor of its own, so that exchanged blocks do not give the same sum.
            hash += Fold(Word(ref bytes, at) ^ place, Word(ref bytes, at + sizeof(ulong)) ^ _seed);
            place += 0x9E3779B97F4A7C15;
        }
        // The last sixteen bytes, of which some may have been taken already.
        at += left - Block;
        return Finish(hash + Fold(Word(ref bytes, at) ^ place, Word(ref bytes, at + sizeof(ulong)) ^ _seed), place);
    }

    private int Short(ref byte bytes, int length, ulong hash, ulong place)
    {
        for (nint at = 0; at < length; at += sizeof(char))
            hash = Fold(hash ^ Unsafe.ReadUnaligned<ushort>(ref Unsafe.AddByteOffset(ref bytes, at)), place ^ _seed);
        return Finish(hash, place);
    }

    private static int Finish(ulong hash, ulong place)
    {
        hash = Fold(hash, place | 1);
        return (int)(hash ^ (hash >> 32));
    }

    private static ulong Word(ref byte bytes, nint at) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref bytes, at));

    private static ulong Fold(ulong one, ulong other)
    {
        // Twice is faster than once here: the one instruction that gives both halves is made to put one of them into
        // memory.
        if (Bmi2.X64.IsSupported)
            return Bmi2.X64.MultiplyNoFlags(one, other) ^ (one * other);
        var high = Math.BigMul(one, other, out var low);
        return high ^ low;
    }

    private static ulong Secret()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return MemoryMarshal.Read<ulong>(bytes);
    }
}
