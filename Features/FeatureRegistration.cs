using System.CommandLine;
using ECommerce.Caching;
using ECommerce.Caching.Http;
using ECommerce.Features.Accounts;
using ECommerce.Features.Accounts.Administration;
using ECommerce.Features.Addresses;
using ECommerce.Features.CacheAdministration;
using ECommerce.Features.CacheAdministration.Commands;
using ECommerce.Features.CacheAdministration.Dashboard;
using ECommerce.Features.Common.CommandLine;
using ECommerce.Features.Customers;
using ECommerce.Features.Invoices;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Incoming;
using ECommerce.Features.Lookups;
using ECommerce.Features.Orders;
using ECommerce.Features.PrestaShop;
using ECommerce.Features.PrestaShop.Pages;
using ECommerce.Features.Products;
using ECommerce.Features.Quotes;
using ECommerce.Features.Retention;
using ECommerce.Features.Settings;
using ECommerce.Features.Shops;
using ECommerce.Features.Statistics;
using FluentValidation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features;

/// <summary>The list of features: what each registers, maps and caches.</summary>
public static class FeatureRegistration
{
    /// <summary>The key schema: every policy of every feature.</summary>
    public static IReadOnlyList<CachePolicy> CachePolicies { get; } =
    [
        .. OrdersCaching.Policies,
        .. CustomersCaching.Policies,
        .. AddressesCaching.Policies,
        .. ProductsCaching.Policies,
        .. QuotesCaching.Policies,
        .. InvoicesCaching.Policies,
        .. PoolCaching.Policies,
        .. LookupTables.Policies,
        .. ShopsCaching.Policies,
        .. PagesCaching.Policies,
        .. SettingsFeature.Policies,
        .. StatisticsCaching.Policies,
        RecordedReads.Policy,
    ];

    /// <summary>What changes of rows invalidate: every declaration of every feature.</summary>
    internal static IReadOnlyList<Invalidates> Invalidations { get; } =
    [
        .. OrdersCaching.Invalidations,
        .. CustomersCaching.Invalidations,
        .. AddressesCaching.Invalidations,
        .. ProductsCaching.Invalidations,
        .. QuotesCaching.Invalidations,
        .. InvoicesCaching.Invalidations,
        .. PoolCaching.Invalidations,
        .. LookupTables.Invalidations,
        .. ShopsCaching.Invalidations,
        .. PagesCaching.Invalidations,
        .. SettingsFeature.Invalidations,
        .. StatisticsCaching.Invalidations,
    ];

    /// <summary>How the reads of policies are repeated by warming: every declaration of every feature.</summary>
    internal static IReadOnlyList<WarmRead> WarmReads { get; } =
    [
        .. OrdersCaching.WarmReads,
        .. CustomersCaching.WarmReads,
        .. AddressesCaching.WarmReads,
        .. ProductsCaching.WarmReads,
        .. QuotesCaching.WarmReads,
        .. InvoicesCaching.WarmReads,
        .. LookupTables.WarmReads,
        .. ShopsCaching.WarmReads,
    ];

    public static IServiceCollection AddFeatures(this IServiceCollection services, IConfiguration configuration)
    {
        DapperSetup.Apply();
        services.AddHttpContextAccessor();
        services.AddSingleton(SecretProtector.Read(configuration));
        services.AddSingleton<ShopSecrets>();
        services.AddSingleton<StatePushSignal>();
        services.AddSingleton(new InvalidationRules(Invalidations));
        services.AddHostedService<InvalidationRulesCheck>();
        services.AddDatabaseGate();
        services.AddECommerceDbContext();
        services.AddSingleton<WriteTransactions>();
        services.AddSingleton<InvalidationOutbox>();
        services.AddSingleton<IInvalidationLog>(static provider => provider.GetRequiredService<InvalidationOutbox>());
        services.AddSingleton<ICacheFlagStore, CacheFlagStore>();
        services.AddSingleton<PartitionedNodes>();
        services.AddSingleton<IPartitionedNodes>(static provider => provider.GetRequiredService<PartitionedNodes>());
        services.AddSingleton<OutboxRelay>();
        services.AddHostedService(static provider => provider.GetRequiredService<OutboxRelay>());
        services.AddSingleton<BusinessLocks>();
        services.AddSingleton<EventStreams>();
        services.AddSingleton<ShopTimeZone>();
        services.AddSingleton<DocumentNumbers>();
        services.AddSingleton<SchemaState>();
        services.AddSingleton<DevelopmentSeed>();
        services.AddSingleton(MigrationScript.All);
        services.AddHostedService(static provider =>
            ActivatorUtilities.CreateInstance<MigrationCheck>(provider, CachePolicies));
        services.AddSingleton<SchemaMigrator>();
        services.AddHostedService(static provider => provider.GetRequiredService<SchemaMigrator>());
        services.AddHealthChecks().AddCheck<SchemaState>("schema");
        services.AddAuthorization(Permissions.Add);
        services.AddWarming(configuration, WarmReads);

        services.AddAccounts();
        services.AddOrders();
        services.AddCustomers();
        services.AddAddresses();
        services.AddProducts();
        services.AddLookups();
        services.AddQuotes();
        services.AddInvoices();
        services.AddPool(configuration);
        services.AddFatturaPaChannel(configuration);
        services.AddShops();
        services.AddSettings();
        services.AddPrestaShop();
        services.AddStatistics();
        services.AddRetention();
        services.AddCacheAdministration();
        return services;
    }

    public static IEndpointRouteBuilder MapFeatures(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1").RequireAuthorization(Permissions.SignedIn)
            .AddEndpointFilter<EntityTagFilter>().AddEndpointFilter<RepeatedWrites>();
        api.AddEndpointFilterFactory(ValidationFilter.Create);

        api.MapAccounts();
        api.MapOrders();
        api.MapCustomers();
        api.MapAddresses();
        api.MapProducts();
        api.MapQuotes();
        api.MapInvoices();
        api.MapPool();
        api.MapLookups();
        api.MapShops();
        api.MapSettings();
        api.MapPrestaShop();
        api.MapStatistics();
        api.MapCacheAdministration();
        app.MapCacheDashboard();
        return app;
    }

    /// <summary>The commands of every feature.</summary>
    public static IEnumerable<Command> Commands(CommandRunner runner) =>
        [
            .. AccountCommands.Create(runner), CacheCommands.Create(runner), ReencryptSecrets.Command(runner),
            MigrateSchema.Command(runner),
        ];

    internal static IServiceCollection AddValidator<T, TValidator>(this IServiceCollection services)
        where TValidator : class, IValidator<T> => services.AddSingleton<IValidator<T>, TValidator>();
}
