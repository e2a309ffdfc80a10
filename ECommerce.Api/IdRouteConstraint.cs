using System.Globalization;

namespace ECommerce.Api;

/// <summary>
/// <c>{id:long}</c> and <c>{id:int}</c> match digits only. The framework's constraints also match <c>+5</c> and
/// <c> 5</c>, which would give one resource several addresses.
/// </summary>
internal abstract class IdRouteConstraint(long highest) : IRouteConstraint
{
    public bool Match(
        HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values,
        RouteDirection routeDirection)
    {
        var text = Convert.ToString(values[routeKey], CultureInfo.InvariantCulture);
        return text is not null && text.All(char.IsAsciiDigit)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= highest;
    }

    internal sealed class Long() : IdRouteConstraint(long.MaxValue);

    internal sealed class Int() : IdRouteConstraint(int.MaxValue);
}
