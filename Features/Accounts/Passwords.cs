using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.Accounts;

/// <summary>
/// Verifies passwords in constant time per attempt: the time for an unknown user must not reveal which usernames exist.
/// At most <c>LOGIN_CONCURRENCY</c> at once (half of the cores by default), so that a flood of logins leaves the
/// processor to other requests.
/// </summary>
internal sealed class Passwords
{
    private const string ConcurrencyName = "LOGIN_CONCURRENCY";
    private const int MaxConcurrency = 1000;
    private const int MaxWaitingPerAddress = 32;
    private const int MaxWaiting = 512;

    private readonly PasswordHasher<string> _hasher = new();
    private readonly string _unknownUserHash;
    private readonly FairSlots _slots;

    public Passwords(IConfiguration configuration)
    {
        _unknownUserHash = _hasher.HashPassword("", Guid.NewGuid().ToString());
        _slots = new FairSlots(ReadConcurrency(configuration), MaxWaitingPerAddress, MaxWaiting);
    }

    /// <summary>
    /// Whether it is the password of the hash; null when too many attempts are waiting to be verified, or on
    /// cancellation before it began.
    /// </summary>
    public async Task<bool?> TryVerifyAsync(
        string username, string? hash, string password, string address, CancellationToken ct)
    {
        using var slot = await _slots.TryAcquireAsync(address, ct);
        return slot is null ? null : await OnOwnThreadAsync(() => Verify(username, hash, password));
    }

    /// <summary>The hash of a new password; null when too many attempts are waiting, or on cancellation.</summary>
    public async Task<string?> TryHashAsync(string username, string password, string address, CancellationToken ct)
    {
        using var slot = await _slots.TryAcquireAsync(address, ct);
        return slot is null ? null : await OnOwnThreadAsync(() => Hash(username, password));
    }

    /// <summary>The salted hash that is stored.</summary>
    public string Hash(string username, string password) => _hasher.HashPassword(username, password);

    // The threads of the pool serve other requests meanwhile. Once begun it is not cancelled: a client that leaves must
    // not get an attempt that does not count.
    private static Task<T> OnOwnThreadAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(
            work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private bool Verify(string username, string? hash, string password)
    {
        var result = _hasher.VerifyHashedPassword(username, hash ?? _unknownUserHash, password);
        return hash is not null && result != PasswordVerificationResult.Failed;
    }

    private static int ReadConcurrency(IConfiguration configuration)
    {
        if (configuration[ConcurrencyName] is not { Length: > 0 } text)
            return Math.Max(1, Environment.ProcessorCount / 2);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is >= 1 and <= MaxConcurrency
            ? number
            : throw new OptionsValidationException(
                ConcurrencyName, typeof(Passwords),
                [$"{ConcurrencyName} must be a number from 1 to {MaxConcurrency}."]);
    }
}
