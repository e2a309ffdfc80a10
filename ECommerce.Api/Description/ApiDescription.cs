using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ECommerce.Api.Description;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c> and its pages at <c>/swagger</c>.</summary>
internal static class ApiDescription
{
    public const string Bearer = "bearer";

    public static void AddApiDescription(this IServiceCollection services) => services.AddResponseCompression(
        compression => compression.EnableForHttps = true).AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "ECommerce", Version = "v1" };
            // No fixed address: clients use the one from which they fetched the document.
            document.Servers?.Clear();
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Bearer,
                BearerFormat = "JWT",
            };
            var reference = new OpenApiSecuritySchemeReference(Bearer, document);
            document.Security = [new OpenApiSecurityRequirement { [reference] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            var handler = metadata.OfType<MethodInfo>().FirstOrDefault();
            var parameters = operation.Parameters ??= [];
            foreach (var parameter in QueryParameters(handler))
                parameters.Add(Describe(parameter));
            if (handler?.GetParameters().Any(parameter => parameter.ParameterType == typeof(IfMatch)) == true)
            {
                parameters.Add(
                    Header("If-Match", "The entity tag of the last response; 412 if the state has changed since."));
            }
            if (metadata.OfType<IdempotentAttribute>().Any())
            {
                parameters.Add(Header(
                    "Idempotency-Key",
                    "1 to 64 printable characters; the same key and body get the same response for 24 hours."));
            }
            OperationDetails.Describe(
                operation, metadata, context.Document,
                context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
            return Task.CompletedTask;
        });
    });

    /// <summary>
    /// Where <c>OPENAPI_ENABLED</c> is true; by default everywhere but in Production, whose clients are few and known.
    /// </summary>
    public static void MapApiDescription(this WebApplication app)
    {
        if (!app.Configuration.GetValue("OPENAPI_ENABLED", !app.Environment.IsProduction()))
            return;
        // The document is large and has no entity tag; responses of the API are compressed by the cache.
        app.UseWhen(
            static context => context.Request.Path.StartsWithSegments("/openapi"),
            static branch => branch.UseResponseCompression());
        app.MapOpenApi().AllowAnonymous();
        app.UseSwaggerUI(ui => ui.SwaggerEndpoint("/openapi/v1.json", "ECommerce v1"));
    }

    // A query type reads its parameters itself, invisible to the framework: reading an empty query lists them.
    private static IReadOnlyCollection<QueryParameter> QueryParameters(MethodInfo? handler)
    {
        var query = handler?.GetParameters()
            .FirstOrDefault(parameter => parameter.ParameterType.IsSubclassOf(typeof(ReadQuery)));
        if (query is null)
            return [];
        var reader = new QueryReader(new QueryCollection());
        Activator.CreateInstance(query.ParameterType, reader);
        return reader.Known;
    }

    private static OpenApiParameter Header(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiParameter Describe(QueryParameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Style = ParameterStyle.Form,
        Explode = false,
        Schema = new OpenApiSchema
        {
            Type = Enum.Parse<JsonSchemaType>(parameter.Type, ignoreCase: true),
            Format = parameter.Format,
            Default = parameter.Default is null ? null : JsonValue.Create(parameter.Default),
            Minimum = parameter.Minimum?.ToString(CultureInfo.InvariantCulture),
            Maximum = parameter.Maximum?.ToString(CultureInfo.InvariantCulture),
            Enum = parameter.Allowed is null ? [] : [.. parameter.Allowed.Select(value => (JsonNode)value)],
            Items = parameter.Type == "array" ? new OpenApiSchema { Type = JsonSchemaType.Integer } : null,
        },
    };
}
