using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ECommerce.Mocks.FatturaPa.Pool;

/// <summary>The accounts, one for each key.</summary>
internal sealed class Accounts(IOptions<ProviderOptions> options, TimeProvider time)
{
    public IReadOnlyList<Account> All { get; } =
        [.. options.Value.Keys.Select((key, index) => new Account(index + 1, key, options.Value, time))];

    /// <summary>Null: no account has this key.</summary>
    public Account? Find(string key)
    {
        var given = Encoding.UTF8.GetBytes(key);
        return All.FirstOrDefault(
            account => CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(account.Key)));
    }

    /// <param name="number">From 1.</param>
    public Account? Numbered(int number) => All.ElementAtOrDefault(number - 1);
}
