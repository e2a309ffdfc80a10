using System.Security.Cryptography;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Channel.Pool;
using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Sending;

/// <summary>A file that the SDI has discarded since it had got one of that name before (00002).</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="SdiId">Of the rejection.</param>
internal sealed record DuplicateFile(string Name, byte[] Sha256, string? SdiId);

/// <summary>
/// Looks up whose file the SDI had before: this one, which was then sent twice and whose receipt is to come, or that of
/// another program, which has used the name. The invoice of the second case is not issued and needs another name.
/// </summary>
internal sealed class NameConflicts(FatturaPaChannel channel)
{
    private const int MaxCompared = 10;

    /// <summary>Whether the SDI had none of these files before.</summary>
    /// <exception cref="FatturaPaException">The provider could not be asked.</exception>
    public async Task<bool> AreForeignAsync(
        ProviderKey key, IReadOnlyList<DuplicateFile> files, CancellationToken ct)
    {
        foreach (var file in files)
        {
            if (await IsOwnAsync(key, file, ct))
                return false;
        }
        return true;
    }

    private async Task<bool> IsOwnAsync(ProviderKey key, DuplicateFile file, CancellationToken ct)
    {
        var stem = InvoiceFileName.Stem(file.Name);
        var events = await channel.FindFilesAsync(key, file.Name, ct);
        // The files themselves: the discarded one is among them, under the number of its rejection.
        var others = events
            .Where(entry => InvoiceFileName.Stem(entry.FileName) == stem && entry.SdiId != file.SdiId).ToArray();
        if (others.Length > MaxCompared)
            return true;
        foreach (var other in others)
        {
            if (await IsSameAsync(other, file, ct))
                return true;
        }
        return false;
    }

    // What cannot be compared may be the same.
    private async Task<bool> IsSameAsync(PoolEntry entry, DuplicateFile file, CancellationToken ct) =>
        entry.Link is null
        || SHA256.HashData(await channel.DownloadAsync(entry, ct)).AsSpan().SequenceEqual(file.Sha256);
}
