using FluentValidation;

namespace ECommerce.Features.Common.Validation;

/// <summary>Rules that several validators need.</summary>
internal static class ValidationRules
{
    private const decimal LargestAmount = 100_000_000m;
    private const string Digits = "Amounts have at most three digits.";
    private const string PriceDigits = "Unit prices have at most six digits.";

    /// <summary>
    /// An amount of money of any currency: not negative, three digits at most. Most currencies have two.
    /// </summary>
    public static IRuleBuilderOptions<T, decimal> Amount<T>(this IRuleBuilder<T, decimal> rule) =>
        rule.InclusiveBetween(0, LargestAmount).Must(static amount => decimal.Round(amount, 3) == amount)
            .WithMessage(Digits);

    /// <summary>A price of one piece: not negative, six digits at most.</summary>
    public static IRuleBuilderOptions<T, decimal> UnitPrice<T>(this IRuleBuilder<T, decimal> rule) =>
        rule.InclusiveBetween(0, LargestAmount).Must(static price => decimal.Round(price, 6) == price)
            .WithMessage(PriceDigits);

    /// <inheritdoc cref="UnitPrice{T}(IRuleBuilder{T, decimal})"/>
    public static IRuleBuilderOptions<T, decimal?> UnitPrice<T>(this IRuleBuilder<T, decimal?> rule) =>
        rule.InclusiveBetween(0, LargestAmount)
            .Must(static price => price is not { } value || decimal.Round(value, 6) == value).WithMessage(PriceDigits);
}
