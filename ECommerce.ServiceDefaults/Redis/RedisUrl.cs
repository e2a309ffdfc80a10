using System.Globalization;
using StackExchange.Redis;

namespace ECommerce.ServiceDefaults.Redis;

/// <summary>
/// <c>redis://</c> or <c>rediss://[[user]:password@]host[:port][/database]</c>, which the client does not read itself.
/// </summary>
internal sealed class RedisUrl
{
    private const int DefaultPort = 6379;

    private readonly Uri _uri;
    private readonly int? _database;

    private RedisUrl(Uri uri, int? database) => (_uri, _database) = (uri, database);

    /// <summary>Host and port, as the client reads them.</summary>
    public string EndPoint =>
        string.Create(CultureInfo.InvariantCulture, $"{_uri.Host}:{(_uri.Port > 0 ? _uri.Port : DefaultPort)}");

    /// <summary>Null if the text is not such a URL but a connection string of the client.</summary>
    /// <exception cref="FormatException">The URL is malformed. The message does not contain it: it holds the
    /// password.</exception>
    public static RedisUrl? Parse(string? text)
    {
        if (text is null || !(text.StartsWith("redis://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("rediss://", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
            throw new FormatException("The address of Redis is not a valid redis:// URL.");
        if (uri.AbsolutePath.Trim('/') is not { Length: > 0 } path)
            return new RedisUrl(uri, null);
        if (!int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out var database))
            throw new FormatException("The path of a redis:// URL must be the number of the database.");
        return new RedisUrl(uri, database);
    }

    public void Apply(ConfigurationOptions options)
    {
        options.Ssl = _uri.Scheme == "rediss";
        if (options.Ssl)
            options.SslHost = _uri.Host;
        options.DefaultDatabase = _database ?? options.DefaultDatabase;

        // Without a colon it is a password; an empty user is the default user.
        var credentials = _uri.UserInfo.Split(':', 2);
        if (credentials[^1].Length > 0)
            options.Password = Uri.UnescapeDataString(credentials[^1]);
        if (credentials.Length == 2 && credentials[0].Length > 0)
            options.User = Uri.UnescapeDataString(credentials[0]);
    }
}
