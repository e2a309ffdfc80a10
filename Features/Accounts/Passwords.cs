using Microsoft.AspNetCore.Identity;

namespace ECommerce.Features.Accounts;

/// <summary>Verifies passwords, and takes as long for a user who does not exist: the time must not tell which names there are.</summary>
internal sealed class Passwords
{
    private readonly PasswordHasher<string> _hasher = new();
    private readonly string _nobody;

    public Passwords() => _nobody = _hasher.HashPassword("", Guid.NewGuid().ToString());

    public bool Verify(string username, string? hash, string password)
    {
        var result = _hasher.VerifyHashedPassword(username, hash ?? _nobody, password);
        return hash is not null && result != PasswordVerificationResult.Failed;
    }
}
