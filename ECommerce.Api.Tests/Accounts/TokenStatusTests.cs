using System.Globalization;
using System.Security.Claims;
using ECommerce.Features.Accounts.Revocation;
using Microsoft.Extensions.Time.Testing;

namespace ECommerce.Api.Tests.Accounts;

public sealed class TokenStatusTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TokenRevocations _revocations = new();

    private TokenStatus Status => new(_revocations, _time);

    [Fact]
    public void A_token_ends_with_its_time()
    {
        var user = User(expiresIn: TimeSpan.FromMinutes(30));

        _time.Advance(TimeSpan.FromMinutes(29));
        Assert.False(Status.HasEnded(user));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Status.HasEnded(user));
    }

    [Fact]
    public void A_token_ends_when_its_user_is_changed_and_one_from_after_the_change_does_not()
    {
        var (before, after) = (User(TimeSpan.FromMinutes(30)), User(TimeSpan.FromMinutes(30), version: 3));

        _revocations.Replace(new Dictionary<int, int> { [7] = 3 });

        Assert.True(Status.HasEnded(before));
        Assert.False(Status.HasEnded(after));
    }

    [Fact]
    public void A_user_without_a_valid_token_has_none() =>
        Assert.True(Status.HasEnded(new ClaimsPrincipal(new ClaimsIdentity())));

    private ClaimsPrincipal User(TimeSpan expiresIn, int version = 0) => new(new ClaimsIdentity(
        [
            new Claim("sub", "7"), new Claim(TokenRevocations.VersionClaim, $"{version}"),
            new Claim(
                "exp", (_time.GetUtcNow() + expiresIn).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ], "Bearer"));
}
