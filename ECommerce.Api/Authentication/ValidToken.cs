using System.Security.Claims;
using ECommerce.Features.Accounts.Revocation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Api.Authentication;

/// <summary>
/// A valid token as every request with it needs it: made once, and shared by these requests. Nothing changes its
/// principal.
/// </summary>
internal sealed class ValidToken : AuthenticateResult
{
    // About as many as there are endpoints: the framework combines their policies for each.
    private const int MaxPolicies = 128;

    private AuthorizationPolicy[] _satisfied = [];

    public ValidToken(TokenValidationResult validation, int userId, int version)
    {
        (Validation, UserId, Version) = (validation, userId, version);
        Ticket = new AuthenticationTicket(
            new ClaimsPrincipal(validation.ClaimsIdentity), JwtBearerDefaults.AuthenticationScheme);
        AsTask = Task.FromResult<AuthenticateResult>(this);
    }

    public TokenValidationResult Validation { get; }

    public int UserId { get; }

    /// <summary>Compared with what <see cref="TokenRevocations"/> has of the user.</summary>
    public int Version { get; }

    public Task<AuthenticateResult> AsTask { get; }

    /// <summary>Whether <see cref="Satisfied"/> was called for this very policy.</summary>
    public bool Satisfies(AuthorizationPolicy policy)
    {
        foreach (var one in Volatile.Read(ref _satisfied))
        {
            if (ReferenceEquals(one, policy))
                return true;
        }
        return false;
    }

    /// <summary>Remembers that the claims satisfy a policy. Of two calls at the same time one may be lost.</summary>
    public void Satisfied(AuthorizationPolicy policy)
    {
        var known = Volatile.Read(ref _satisfied);
        if (known.Length < MaxPolicies)
            Volatile.Write(ref _satisfied, [.. known, policy]);
    }
}
