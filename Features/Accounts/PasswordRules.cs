using FluentValidation;

namespace ECommerce.Features.Accounts;

/// <summary>What is accepted as a password.</summary>
internal static class PasswordRules
{
    private const int MinLength = 12;
    private const int MaxLength = 256;

    /// <summary>One that a user may have already: rules that came later are not applied to it.</summary>
    public static IRuleBuilderOptions<T, string> Password<T>(this IRuleBuilder<T, string> rule) =>
        // Some hash functions read a password up to its first NUL only.
        rule.NotEmpty().MaximumLength(MaxLength)
            .Must(static password => password is null || !password.Contains('\0', StringComparison.Ordinal))
            .WithMessage("must not contain NUL.");

    /// <summary>A new one. A minimum length and no rules of composition, as in NIST SP 800-63B.</summary>
    public static IRuleBuilderOptions<T, string> NewPassword<T>(this IRuleBuilder<T, string> rule) =>
        rule.Password().MinimumLength(MinLength);
}
