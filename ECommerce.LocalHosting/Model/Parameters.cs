using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

public class ParameterResource : Resource, IManifestExpressionProvider, IValueProvider
{
    private readonly Lazy<string> _value;

    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : base(name)
    {
        _value = new(() => callback(Default));
        Secret = secret;
    }

    public bool Secret { get; }

    public ParameterDefault? Default { get; set; }

    public string ValueExpression => $"{{{Name}.value}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(_value.Value);
}

public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}

public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerLetters = "abcdefghijkmnopqrstuvwxyz";
    private const string UpperLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string Specials = "-_.{}~()*+!";

    public int MinLength { get; set; }

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;

    public int MinLower { get; set; }

    public int MinUpper { get; set; }

    public int MinNumeric { get; set; }

    public int MinSpecial { get; set; }

    public override string GetDefaultValue()
    {
        var demanded = Pick(Lower, LowerLetters, MinLower) + Pick(Upper, UpperLetters, MinUpper)
            + Pick(Numeric, Digits, MinNumeric) + Pick(Special, Specials, MinSpecial);
        var alphabet = (Lower ? LowerLetters : "") + (Upper ? UpperLetters : "") + (Numeric ? Digits : "") + (Special ? Specials : "");

        var value = (demanded + RandomNumberGenerator.GetString(alphabet, Math.Max(0, MinLength - demanded.Length))).ToCharArray();
        RandomNumberGenerator.Shuffle(value.AsSpan());
        return new(value);
    }

    private static string Pick(bool allowed, string letters, int count) => allowed ? RandomNumberGenerator.GetString(letters, count) : "";
}

public class MissingParameterValueException(string message) : DistributedApplicationException(message);
