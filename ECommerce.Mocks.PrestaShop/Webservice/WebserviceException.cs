namespace ECommerce.Mocks.PrestaShop.Webservice;

internal readonly record struct WebserviceError(int Code, string Message);

/// <summary>A request that ends with error codes in its body.</summary>
internal sealed class WebserviceException(int status, params WebserviceError[] errors) : Exception
{
    public WebserviceException(int status, int code, string message)
        : this(status, new WebserviceError(code, message))
    {
    }

    public int Status => status;

    public IReadOnlyList<WebserviceError> Errors => errors;

    /// <summary>The shop's way of helping: the nearest name, then all of them.</summary>
    public static WebserviceException DidYouMean(
        int status, int code, string message, string wrong, IReadOnlyList<string> available)
    {
        var list = available.Count > 1 ? $" The full list is: \"{string.Join("\", \"", available)}\"" : "";
        return new(status, code, $"{message}. Did you mean: \"{Closest(wrong, available)}\"?{list}");
    }

    private static string Closest(string wrong, IReadOnlyList<string> available)
    {
        // The last of equally near names, as the shop does it.
        var (closest, shortest) = ("", int.MaxValue);
        foreach (var name in available)
        {
            var distance = Distance(wrong, name);
            if (distance <= shortest)
                (closest, shortest) = (name, distance);
        }

        return closest;
    }

    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
