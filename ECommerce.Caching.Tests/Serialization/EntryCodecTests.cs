using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ECommerce.Caching.Serialization;

namespace ECommerce.Caching.Tests.Serialization;

public class EntryCodecTests
{
    private const string Key = "order:acme:1";

    private static readonly byte[] Large = Encoding.UTF8.GetBytes(
        "[" + string.Join(',', Enumerable.Range(0, 2000).Select(i => $"{{\"id\":{i},\"name\":\"Rossi\"}}")) + "]");
    private static readonly byte[] Small = "\"Rossi\""u8.ToArray();
    private static readonly EntryCodec Protector = new(Settings(EncryptionTests.Key("k1", 1)));

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void What_was_written_is_read(bool large, bool encrypt)
    {
        var entry = Entry(large ? Large : Small);

        Assert.Equal(
            EntryFault.None,
            Protector.Read(Protector.Write(Key, entry, encrypt), Key, mustBeEncrypted: encrypt, out var read));

        Assert.Equal(entry.Payload.ToArray(), read.Payload.ToArray());
        Assert.Equal(entry.Tags, read.Tags);
        Assert.Equal(
            (entry.TypeId, entry.FreshFor, entry.LivesFor, entry.Sequence),
            (read.TypeId, read.FreshFor, read.LivesFor, read.Sequence));
        Assert.Equal(large, (read.Flags & EntryFlags.Compressed) != 0);
        Assert.Equal(encrypt, (read.Flags & EntryFlags.Encrypted) != 0);
    }

    [Fact]
    public void The_encrypted_form_holds_no_part_of_the_value() =>
        Assert.True(Protector.Write(Key, Entry(Small), encrypt: true).AsSpan().IndexOf("Rossi"u8) < 0);

    [Fact]
    public void Where_only_encrypted_entries_are_believed_a_readable_one_is_not() =>
        Assert.Equal(
            EntryFault.NotEncrypted,
            Protector.Read(Protector.Write(Key, Entry(Small), encrypt: false), Key, mustBeEncrypted: true, out _));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_entry_moved_to_another_key_is_refused_even_if_it_claims_to_be_of_that_key(bool claims)
    {
        var bytes = Protector.Write(Key, Entry(Small), encrypt: true);
        if (claims)
            bytes[bytes.AsSpan().IndexOf("order:acme:1"u8) + Key.Length - 1] = (byte)'2';

        Assert.Equal(
            claims ? EntryFault.NotAuthentic : EntryFault.Malformed,
            Protector.Read(bytes, "order:acme:2", mustBeEncrypted: true, out _));
    }

    [Fact]
    public void Another_key_of_the_same_name_opens_nothing()
    {
        var stranger = new EntryCodec(Settings(EncryptionTests.Key("k1", 2)));

        Assert.Equal(
            EntryFault.NotAuthentic,
            stranger.Read(Protector.Write(Key, Entry(Small), encrypt: true), Key, mustBeEncrypted: true, out _));
    }

    [Fact]
    public void An_unknown_key_id_is_refused()
    {
        var stranger = new EntryCodec(Settings(EncryptionTests.Key("k2", 1)));

        Assert.Equal(
            EntryFault.UnknownKey,
            stranger.Read(Protector.Write(Key, Entry(Small), encrypt: true), Key, mustBeEncrypted: true, out _));
    }

    [Fact]
    public void Without_a_key_nothing_sensitive_is_written() =>
        Assert.Throws<InvalidOperationException>(
            () => new EntryCodec(new CacheSettings()).Write(Key, Entry(Small), encrypt: true));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_changed_byte_of_an_encrypted_entry_is_noticed(bool large)
    {
        var bytes = Protector.Write(Key, Entry(large ? Large : Small), encrypt: true);

        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.True(Protector.Read(bytes, Key, mustBeEncrypted: true, out _) != EntryFault.None, $"byte {i}");
            bytes[i] ^= 1;
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Noise_never_throws(bool large, bool encrypt)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var bytes = Protector.Write(Key, Entry(large ? Large : Small), encrypt);

        for (var i = 0; i < 5_000; i++)
        {
            var noisy = bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)];
            for (var changes = random.Next(4); changes > 0; changes--)
                noisy[random.Next(noisy.Length)] = (byte)random.Next(256);
            var failure = Record.Exception(() => Protector.Read(noisy, Key, mustBeEncrypted: false, out _));
            Assert.True(failure is null, $"seed {seed}: {failure}");
        }
    }

    // Of 128 symbols at random an eighth can be saved, of 32 three eighths.
    [Theory]
    [InlineData(128, false)]
    [InlineData(32, true)]
    public void A_value_that_compression_shrinks_by_less_than_a_fifth_stays_uncompressed(int symbols, bool compressed)
    {
        var random = new Random(1);
        byte[] payload = [.. Enumerable.Range(0, 50_000).Select(_ => (byte)random.Next(symbols))];

        Assert.True(EntryFormat.TryRead(Protector.Write(Key, Entry(payload), encrypt: false), Key, out var written));

        Assert.Equal(compressed, (written.Flags & EntryFlags.Compressed) != 0);
    }

    [Fact]
    public void Compression_is_used_only_where_it_saves_a_fifth()
    {
        var random = new byte[100_000];
        new Random(1).NextBytes(random);

        Assert.True(Protector.Write(Key, Entry(Large), encrypt: false).Length < Large.Length / 2);
        Assert.True(Protector.Write(Key, Entry(random), encrypt: false).Length > random.Length);
        Assert.True(Protector.Write(Key, Entry(new byte[4095]), encrypt: false).Length > 4095);
        Assert.True(Protector.Write(Key, Entry(new byte[4096]), encrypt: false).Length < 4096);
    }

    [Theory]
    [InlineData(8 << 20)]
    [InlineData(1000)]
    [InlineData(-1)]
    public void A_value_that_decompresses_beyond_the_size_limit_is_refused(int claimedLength)
    {
        var bomb = new byte[1000];
        Assert.True(BrotliEncoder.TryCompress(new byte[8 << 20], bomb.AsSpan(4), out var written));
        BinaryPrimitives.WriteInt32LittleEndian(bomb, claimedLength);
        var entry = Entry(bomb[..(4 + written)]) with { Flags = EntryFlags.Compressed };

        Assert.Equal(
            EntryFault.NotDecompressible,
            Protector.Read(EntryFormat.Write(Key, entry), Key, mustBeEncrypted: false, out _));
    }

    private static StoredEntry Entry(byte[] payload) =>
        new(42, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(17), [(Key, 7), ("tenant:acme", 8)], payload);

    private static CacheSettings Settings(string keys) => new() { EncryptionKeys = EncryptionKeys.Parse(keys) };
}
