using System.Globalization;
using StackExchange.Redis;

namespace ECommerce.ServiceDefaults.Redis;

/// <summary>Reads <c>host:port,password=…</c> as the client does, and <c>redis://</c> or <c>rediss://[:password@]host[:port][/db]</c>.</summary>
internal static class RedisConnectionString
{
    public static ConfigurationOptions Parse(string connectionString)
    {
        var isUri = connectionString.StartsWith("redis://", StringComparison.OrdinalIgnoreCase)
            || connectionString.StartsWith("rediss://", StringComparison.OrdinalIgnoreCase);
        var options = isUri ? ParseUri(connectionString) : ConfigurationOptions.Parse(connectionString);
        // An absent Redis must not stop the start, nor hold the first request for long.
        if (!Mentions(connectionString, "abortConnect")) options.AbortOnConnectFail = false;
        if (!Mentions(connectionString, "connectTimeout")) options.ConnectTimeout = 2000;
        if (!Mentions(connectionString, "connectRetry")) options.ConnectRetry = 1;
        return options;
    }

    private static bool Mentions(string connectionString, string key) =>
        connectionString.Contains($"{key}=", StringComparison.OrdinalIgnoreCase);

    private static ConfigurationOptions ParseUri(string text)
    {
        // The text holds a password, so it is in no message.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)) throw new FormatException("The address of Redis is not a valid redis:// URI.");

        var options = new ConfigurationOptions { Ssl = uri.Scheme == "rediss" };
        if (options.Ssl) options.SslHost = uri.Host;
        options.EndPoints.Add(uri.Host, uri.Port > 0 ? uri.Port : 6379);

        var credentials = uri.UserInfo.Split(':', 2);
        var user = Uri.UnescapeDataString(credentials[0]);
        if (credentials.Length == 2)
        {
            if (user is not ("" or "default"))
                throw new FormatException("This Redis client cannot log in with a user name: use the default user's password.");
            options.Password = Uri.UnescapeDataString(credentials[1]);
        }
        else if (user.Length > 0)
        {
            options.Password = user;
        }

        var database = uri.AbsolutePath.Trim('/');
        if (database.Length > 0)
        {
            if (!int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw new FormatException("The path of a redis:// URI is the number of the database.");
            options.DefaultDatabase = number;
        }

        return options;
    }
}
