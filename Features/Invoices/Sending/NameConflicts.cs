using ECommerce.Features.Invoices.Channel;

namespace ECommerce.Features.Invoices.Sending;

/// <summary>A file that the SDI has discarded since it had got one of that name before (00002).</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="SdiId">Of the rejection.</param>
internal sealed record DuplicateFile(string Name, byte[] Content, string? SdiId);

/// <summary>
/// Looks up whose file the SDI had before: this one, which was then sent twice and whose receipt is to come, or that of
/// another program, which has used the name. The invoice of the second case is not issued and needs another name.
/// </summary>
internal sealed class NameConflicts(FatturaPaChannel channel)
{
    /// <summary>Whether the SDI had none of these files before.</summary>
    /// <exception cref="FatturaPaException">The provider could not be asked.</exception>
    public async Task<bool> AreForeignAsync(
        ProviderKey key, IReadOnlyList<DuplicateFile> files, CancellationToken ct)
    {
        foreach (var file in files)
        {
            if (await channel.FindSentAsync(key, file.Name, file.Content, file.SdiId, ct) is not null)
                return false;
        }
        return true;
    }
}
