using System.Text.Json;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Common.Validation;

/// <summary>Runs the validator of a bound body; endpoints without one are left as they are.</summary>
internal static class ValidationFilter
{
    // Clients see "lines[0].unit_price" instead of "Lines[0].UnitPrice". Global: a validator has no such setting.
    static ValidationFilter() =>
        ValidatorOptions.Global.PropertyNameResolver = ValidatorOptions.Global.DisplayNameResolver =
            static (_, member, _) => member is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);

    public static EndpointFilterDelegate Create(EndpointFilterFactoryContext factory, EndpointFilterDelegate next)
    {
        var isService = factory.ApplicationServices.GetRequiredService<IServiceProviderIsService>();
        foreach (
            var (position, type) in factory.MethodInfo.GetParameters()
                .Select((parameter, position) => (position, parameter.ParameterType)))
        {
            var validatorType = typeof(IValidator<>).MakeGenericType(type);
            if (type.IsByRefLike || !isService.IsService(validatorType))
                continue;
            var validator = (IValidator)factory.ApplicationServices.GetRequiredService(validatorType);
            return invocation => ValidateAsync(invocation, position, validator, next);
        }
        return next;
    }

    private static async ValueTask<object?> ValidateAsync(
        EndpointFilterInvocationContext invocation, int position, IValidator validator, EndpointFilterDelegate next)
    {
        if (invocation.Arguments[position] is not { } body)
            return await next(invocation);
        var result = await validator.ValidateAsync(
            new ValidationContext<object>(body), invocation.HttpContext.RequestAborted);
        return result.IsValid
            ? await next(invocation)
            : Problems.Invalid(result.Errors.GroupBy(error => error.PropertyName, error => error.ErrorMessage)
                .ToDictionary(group => group.Key, group => group.Distinct().ToArray()));
    }
}
