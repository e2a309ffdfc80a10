using FluentValidation;

namespace ECommerce.Features.Common.Validation;

/// <summary>Rules that several validators need.</summary>
internal static class ValidationRules
{
    private const decimal LargestAmount = 100_000_000m;
    private const string Digits = "Amounts have at most two digits.";

    /// <summary>An amount of money: not negative, two digits at most.</summary>
    public static IRuleBuilderOptions<T, decimal> Amount<T>(this IRuleBuilder<T, decimal> rule) =>
        rule.InclusiveBetween(0, LargestAmount).Must(static amount => decimal.Round(amount, 2) == amount)
            .WithMessage(Digits);

    /// <inheritdoc cref="Amount{T}(IRuleBuilder{T, decimal})"/>
    public static IRuleBuilderOptions<T, decimal?> Amount<T>(this IRuleBuilder<T, decimal?> rule) =>
        rule.InclusiveBetween(0, LargestAmount)
            .Must(static amount => amount is not { } value || decimal.Round(value, 2) == value).WithMessage(Digits);
}
