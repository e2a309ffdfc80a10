namespace Aspire.Hosting.Engine;

/// <summary>Hides the values of secret parameters in everything that the engine shows or logs.</summary>
internal sealed class SecretMask
{
    // Shorter values would hide ordinary words.
    private const int ShortestSecret = 8;

    private volatile string[] _secrets = [];

    public void Hide(IEnumerable<string?> secrets) =>
        _secrets = [.. _secrets.Union(secrets.OfType<string>().Where(secret => secret.Length >= ShortestSecret))];

    public string Apply(string text) =>
        _secrets.Aggregate(text, static (masked, secret) => masked.Replace(secret, "*****", StringComparison.Ordinal));
}
