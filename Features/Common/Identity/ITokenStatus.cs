using System.Security.Claims;

namespace ECommerce.Features.Common.Identity;

/// <summary>Whether the token of a request is still valid, for responses that go on for long.</summary>
internal interface ITokenStatus
{
    /// <summary>Whether it has expired, or was revoked since the request was authenticated.</summary>
    bool HasEnded(ClaimsPrincipal user);
}
