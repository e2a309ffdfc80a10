using ECommerce.Caching.Serialization;

namespace ECommerce.Caching.Tests.Serialization;

public class EntryFormatTests
{
    private const string Key = "product:acme:1";

    private static readonly StoredEntry Entry = new(
        42, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(17), [("product:acme:1", 7), ("tenant:acme", 8)],
            "\"però\""u8.ToArray());

    [Fact]
    public void What_was_written_is_read()
    {
        Assert.True(EntryFormat.TryRead(EntryFormat.Write(Key, Entry), Key, out var read));

        Assert.Equal(Entry.TypeId, read.TypeId);
        Assert.Equal(Entry.FreshFor, read.FreshFor);
        Assert.Equal(Entry.LivesFor, read.LivesFor);
        Assert.Equal(7, read.Sequence);
        Assert.Equal(Entry.Tags, read.Tags);
        Assert.Equal(Entry.Payload.ToArray(), read.Payload.ToArray());
    }

    [Fact]
    public void Cut_short_at_any_byte_it_is_refused()
    {
        var bytes = EntryFormat.Write(Key, Entry);

        for (var length = 0; length < bytes.Length; length++)
            Assert.False(EntryFormat.TryRead(bytes.AsMemory(0, length), Key, out _), $"cut at {length}");
    }

    [Fact]
    public void A_surplus_byte_is_refused() =>
        Assert.False(EntryFormat.TryRead((byte[])[.. EntryFormat.Write(Key, Entry), 0], Key, out _));

    [Fact]
    public void The_entry_of_another_key_is_refused() =>
        Assert.False(EntryFormat.TryRead(EntryFormat.Write(Key, Entry), "product:acme:2", out _));

    [Theory]
    [InlineData(0, "the magic")]
    [InlineData(4, "the lowest number, which scripts in Redis go by")]
    [InlineData(12, "the flags")]
    [InlineData(-2, "the sentinel")]
    [InlineData(-1, "the sentinel")]
    public void A_changed_byte_of_what_frames_an_entry_is_refused(int at, string what)
    {
        var bytes = EntryFormat.Write(Key, Entry);

        bytes[at < 0 ? bytes.Length + at : at] ^= 0x80;

        Assert.False(EntryFormat.TryRead(bytes, Key, out _), what);
    }

    [Theory]
    [InlineData(-1, 17)]
    [InlineData(18, 17)]
    [InlineData(1, 10 * 366 * 24 * 60)]
    public void Lifetimes_that_no_policy_has_are_refused(int fresh, int life) => Assert.False(EntryFormat.TryRead(
        EntryFormat.Write(
            Key, Entry with { FreshFor = TimeSpan.FromMinutes(fresh), LivesFor = TimeSpan.FromMinutes(life) }), Key,
            out _));

    [Fact]
    public void Noise_is_refused_and_never_throws()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var bytes = EntryFormat.Write(Key, Entry);

        for (var i = 0; i < 20_000; i++)
        {
            var noisy = (byte[])bytes.Clone();
            noisy[random.Next(noisy.Length)] = (byte)random.Next(256);
            var failure = Record.Exception(() => EntryFormat.TryRead(noisy, Key, out _));
            Assert.True(failure is null, $"seed {seed}: {failure}");
        }
    }
}
