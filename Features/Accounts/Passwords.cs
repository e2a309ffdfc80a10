using Microsoft.AspNetCore.Identity;

namespace ECommerce.Features.Accounts;

/// <summary>
/// Verifies passwords in constant time per attempt: the time for an unknown user must not reveal which usernames exist.
/// </summary>
internal sealed class Passwords
{
    private readonly PasswordHasher<string> _hasher = new();
    private readonly string _unknownUserHash;

    public Passwords() => _unknownUserHash = _hasher.HashPassword("", Guid.NewGuid().ToString());

    public bool Verify(string username, string? hash, string password)
    {
        var result = _hasher.VerifyHashedPassword(username, hash ?? _unknownUserHash, password);
        return hash is not null && result != PasswordVerificationResult.Failed;
    }
}
