using System.Globalization;
using StackExchange.Redis;

namespace ECommerce.ServiceDefaults.Redis;

/// <summary>Reads <c>host:port,password=…</c> as the client does, and <c>redis://</c> or <c>rediss://[[user]:password@]host[:port][/db]</c>.</summary>
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
        // INFO and CLUSTER NODES count as such: they tell which Redis it is, who the masters are, and what it evicts. Nothing else of the kind is asked.
        if (!Mentions(connectionString, "allowAdmin")) options.AllowAdmin = true;
        // What cannot be sent now is not sent behind the caller's back when he has long gone on without it.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        // Messages have a connection of their own, so that its cut is one of messages alone.
        if (!Mentions(connectionString, "protocol")) options.Protocol = RedisProtocol.Resp2;
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
            options.User = user.Length > 0 ? user : null;
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
