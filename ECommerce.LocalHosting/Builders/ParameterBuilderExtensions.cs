using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    private const int PasswordLength = 22;

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name,
        bool secret = false) =>
        builder.AddResource(new ParameterResource(name, value => FromConfiguration(builder, name, value), secret));

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, string value,
        bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => value, secret));

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name,
        ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(CreateGenerated(builder, name, value, secret, persist));

    internal static ParameterResource CreatePassword(IDistributedApplicationBuilder builder, string name) =>
        CreateGenerated(builder, name, new GenerateParameterDefault { MinLength = PasswordLength, Special = false }, secret: true,
            persist: true);

    private static ParameterResource CreateGenerated(IDistributedApplicationBuilder builder, string name, ParameterDefault value,
        bool secret, bool persist)
    {
        var kept = persist ? new PersistedParameterDefault(name, value, SecretsOf(builder)) : value;
        return new(name, fallback => FromConfiguration(builder, name, fallback), secret) { Default = kept };
    }

    private static string FromConfiguration(IDistributedApplicationBuilder builder, string name, ParameterDefault? fallback) =>
        builder.Configuration[$"Parameters:{name}"]
        ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"]
        ?? fallback?.GetDefaultValue()
        ?? throw new MissingParameterValueException(
            $"Parameter resource could not be used because configuration key 'Parameters:{name}' is missing and the Parameter has no default value.");

    private static Engine.SecretStore SecretsOf(IDistributedApplicationBuilder builder) => builder switch
    {
        DistributedApplicationBuilder own => own.Secrets,
        Testing.TestingBuilder testing => testing.Inner.Secrets,
        _ => throw new NotSupportedException($"A builder of type {builder.GetType()} keeps no secrets."),
    };

    private sealed class PersistedParameterDefault(string name, ParameterDefault inner, Engine.SecretStore secrets) : ParameterDefault
    {
        public override string GetDefaultValue() => secrets.GetOrAdd($"Parameters:{name}", inner.GetDefaultValue);
    }
}
