using System.Data.Common;
using System.Text.RegularExpressions;
using ECommerce.Caching.CachedMethods;
using ECommerce.Caching.Serialization;
using ECommerce.Features.Statistics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Api;

public sealed class ConventionTests(ApiFixture fixture)
{
    // Responses about the caller, and about the cache itself, are never cached; the progress of a synchronisation is
    // different every time. Files of others are large, and are served from the database.
    private static readonly string[] GetsWithoutPolicy =
    [
        "/api/v1/auth/me", "/api/v1/cache/analytics", "/api/v1/cache/events", "/api/v1/cache/flags",
        "/api/v1/cache/keys", "/api/v1/cache/keys/explain",
        "/api/v1/cache/stats", "/api/v1/fatturapa/invoices/{sdi}/xml", "/api/v1/sync/{id:long}",
        "/api/v1/sync/{id:long}/events",
    ];

    // Log-in and log-out.
    private static readonly string[] Open = ["/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/auth/logout"];

    [Fact]
    public void Every_GET_has_an_output_policy_or_stands_on_a_short_list()
    {
        var gets = RouteTable.Of(fixture).Where(route => route.Method() == "GET").ToArray();

        Assert.NotEmpty(gets);
        Assert.Equal(
            GetsWithoutPolicy,
            gets.Where(route => !route.Metadata.OfType<IOutputCachePolicy>().Any()).Select(route => route.Path())
                .Order());
    }

    [Fact]
    public void Every_route_demands_a_permission_or_stands_on_a_short_list()
    {
        var routes = RouteTable.Of(fixture);

        Assert.NotEmpty(routes);
        Assert.All(routes, route => Assert.NotEmpty(route.Metadata.OfType<IAuthorizeData>()));
        Assert.Equal(
            Open.Order(), routes.Where(route => route.Metadata.OfType<IAllowAnonymous>().Any())
                .Select(route => route.Path()).Order());
    }

    [Fact]
    public void Types_bound_from_a_request_are_public()
    {
        var isService = fixture.Services.GetRequiredService<IServiceProviderIsService>();
        var bound = RouteTable.Of(fixture).SelectMany(route => route.Handler().GetParameters())
            .Select(parameter => parameter.ParameterType).Distinct()
            .Where(type => type.Assembly == typeof(FeatureRegistration).Assembly && !isService.IsService(type))
            .ToArray();

        Assert.True(bound.Length > 8);
        Assert.All(bound, type => Assert.True(type.IsPublic, $"{type} is bound from requests."));
    }

    [Fact]
    public void No_feature_refers_to_another_features_folder()
    {
        var features = new DirectoryInfo(Path.Combine(RepositoryRoot.Path, "Features"));
        var folders = features.GetDirectories().Select(folder => folder.Name)
            .Except(["CacheCoherence", "Common", "Data", "Sales", "ShopAccess", "bin", "obj"]).ToArray();
        var references = 0;
        foreach (var folder in folders)
        {
            foreach (
                var file in new DirectoryInfo(Path.Combine(features.FullName, folder))
                    .GetFiles("*.cs", SearchOption.AllDirectories))
            {
                var named = Regex.Matches(File.ReadAllText(file.FullName), @"ECommerce\.Features\.(\w+)")
                    .Select(match => match.Groups[1].Value).ToArray();
                references += named.Length;
                Assert.Empty(
                    named.Intersect(folders).Except([folder]).Select(other => $"{folder}/{file.Name} -> {other}"));
            }
        }
        Assert.True(folders.Length >= 6);
        Assert.True(references > 30);
    }

    [Fact]
    public void Tags_across_features_are_what_the_owning_features_make()
    {
        var tenant = new Tenant("acme");
        var keys = FeatureRegistration.CachePolicies.ToDictionary(policy => policy.Pattern);

        Assert.Equal(keys["customer:{tenant}:{id}"].Key(tenant, 7), Tags.Customer(tenant, 7));
        Assert.Equal(keys["customers:list:{tenant}:{qhash}"].All(tenant), Tags.Customers(tenant));
        Assert.Equal(keys["order:{tenant}:{id}"].Key(tenant, 7), Tags.Order(tenant, 7));
        Assert.Equal(keys["orders:list:{tenant}:{qhash}"].All(tenant), Tags.Orders(tenant));
        Assert.Equal(keys["orders:history:{tenant}:{order_id}"].Key(tenant, 7), Tags.OrderHistory(tenant, 7));
        Assert.Equal(keys["user_orders:{tenant}:{user_id}:{qhash}"].All(tenant), Tags.UserOrders(tenant));
        Assert.Equal(keys["product:{tenant}:{id}"].Key(tenant, 7), Tags.Product(tenant, 7));
        Assert.Equal(keys["products:list:{tenant}:{qhash}"].All(tenant), Tags.Products(tenant));
        Assert.Equal(keys["quote:{tenant}:{id}"].Key(tenant, 7), Tags.Quote(tenant, 7));
        Assert.Equal(keys["invoice:{tenant}:{id}"].Key(tenant, 7), Tags.Invoice(tenant, 7));
        Assert.Equal(keys["address:{tenant}:{id}"].Key(tenant, 7), Tags.Address(tenant, 7));
        Assert.Equal(keys["addresses:list:{tenant}:{qhash}"].All(tenant), Tags.Addresses(tenant));
        Assert.Equal(keys["order_states:{tenant}"].Key(tenant), Tags.OrderStates(tenant));
        Assert.Equal(keys["carriers:{tenant}"].Key(tenant), Tags.Carriers(tenant));
        Assert.Equal(keys["countries:{tenant}"].Key(tenant), Tags.Countries(tenant));
        Assert.Equal(keys["config:{tenant}:{key}"].Key(tenant, "a.b"), Tags.Setting(tenant, "a.b"));
        Assert.Equal(keys["config:{tenant}:{key}"].Key(tenant, "all"), Tags.Settings(tenant));
        Assert.Equal(keys["statistics:{tenant}:{name}:{qhash}"].All(tenant), Tags.Statistics(tenant));
    }

    [Fact]
    public void Features_cache_only_what_cannot_be_changed()
    {
        Type[] results =
        [
            .. typeof(FeatureRegistration).Assembly.GetTypes().SelectMany(type => type.GetMethods())
                .Where(method => method.IsDefined(typeof(CachedAttribute), inherit: false))
                .Select(method => method.ReturnType.GetGenericArguments().Single()),
        ];
        var cached = CachedCalls.OfFeatures().Select(call => call.Value).Concat(results).ToHashSet();

        Assert.NotEmpty(results);
        Assert.True(cached.Count > 12);
        Assert.All(cached, type => Assert.Null(ImmutableTypes.MutableMember(type)));
        // Of others every value is compared when it is stored, and what JSON does not bring back stays in memory.
        Assert.All(cached, type => Assert.Null(new JsonContract().DoubtfulMember(type)));
    }

    // What is not here is encrypted there, or does not reach it.
    [Fact]
    public void Only_lookups_products_and_statistics_are_stored_unencrypted_in_Redis()
    {
        string[] readable =
        [
            "brands:{tenant}", "carriers:{tenant}", "categories:{tenant}", "countries:{tenant}", "langs:{tenant}",
            "order_states:{tenant}",
            "product:{tenant}:{id}", "products:list:{tenant}:{qhash}", "statistics:{tenant}:{name}:{qhash}",
        ];

        Assert.Equal(
            readable, FeatureRegistration.CachePolicies.Where(policy => !policy.Sensitive)
                .Select(policy => policy.Pattern).Order(StringComparer.Ordinal));
    }

    // A run may serve several requests, or go on behind one: what belongs to a request or to its scope must not be in
    // it.
    [Fact]
    public void Factories_are_given_only_singletons_and_values()
    {
        var states = CachedCalls.OfFeatures().Select(call => call.State).ToHashSet();
        var given = states.SelectMany(CachedCalls.PartsOf).ToHashSet();

        Assert.True(states.Count > 5);
        Assert.Contains(typeof(TenantDbContexts), given);
        Assert.Contains(typeof(Tenant), given);
        Assert.All(
            given, type =>
                Assert.True(IsValue(type) || IsSingleton(type), $"{type} is neither a singleton nor a value."));
        Assert.All(
            [typeof(HttpContext), typeof(DbConnection), typeof(IStatistics)], type =>
                Assert.False(IsValue(type) || IsSingleton(type)));

        // Expressions cannot be changed.
        static bool IsValue(Type type) =>
            type.IsAssignableTo(typeof(System.Linq.Expressions.Expression))
                || ImmutableTypes.MutableMember(type) is null && !type.IsAbstract;
    }

    // SQL of one's own is not seen by the change tracker: what it changes must be invalidated by hand.
    [Fact]
    public void Only_these_files_use_SQL_of_their_own()
    {
        string[] files =
        [
            "Accounts/Administration/Account.cs", "Accounts/Administration/AccountAudit.cs",
            "Accounts/Administration/AddTenant.cs", "Accounts/Administration/AddUser.cs",
            "Accounts/Administration/DisableUser.cs", "Accounts/Administration/SetUserPassword.cs",
            "Accounts/Administration/SetUserRole.cs",
            "Accounts/ChangePassword.cs", "Accounts/LogIn.cs", "Accounts/LogOut.cs", "Accounts/LoginThrottle.cs",
            "Accounts/RefreshSession.cs",
            "Accounts/RefreshToken.cs", "Accounts/Revocation/TokenRevocationPoller.cs",
            "Accounts/Revocation/UserSessions.cs",
            "CacheAdministration/CacheAudit.cs",
            "CacheCoherence/CacheFlagStore.cs", "CacheCoherence/InvalidationOutbox.cs",
            "CacheCoherence/PartitionedNodes.cs",
            "Common/Audit/ChangeAudit.cs", "Common/Idempotency/IdempotencyClaim.cs",
            "Common/Idempotency/IdempotencyFilter.cs", "Common/Idempotency/StoredResponses.cs",
            "Common/Warming/WarmingPlan.cs", "Data/DapperSetup.cs",
            "Data/Locking/BusinessLock.cs", "Data/Locking/BusinessLocks.cs",
            "Data/Overload/DatabaseLimits.cs", "Data/Schema/DevelopmentSeed.cs",
            "Data/Schema/SchemaMigrator.cs",
            "Data/TenantDbContexts.cs", "Data/WriteTransaction.cs",
            "Invoices/Incoming/Files/FileStore.cs", "Invoices/Incoming/Polling/PollSchedule.cs",
            "Invoices/Issuing/FileProgressives.cs", "Invoices/Sending/UncertainFiles.cs", "Orders/OrderDays.cs",
            "Orders/States/ProcessOrder.cs", "PrestaShop/Import/BatchUpsert.cs",
            "PrestaShop/Import/CombinationsImport.cs", "PrestaShop/Import/ErasedCustomers.cs",
            "PrestaShop/Import/LookupsImport.cs",
            "PrestaShop/Import/MissingRows.cs",
            "PrestaShop/Push/PushLeases.cs", "PrestaShop/Push/PushResults.cs",
            "PrestaShop/Import/Orders/OrderPartsWriter.cs", "PrestaShop/Import/Orders/Placeholders.cs",
            "PrestaShop/Import/StockImport.cs", "PrestaShop/Schedule/SyncSchedule.cs", "PrestaShop/SyncMemory.cs",
            "PrestaShop/SyncRuns.cs",
            "PrestaShop/SyncSession.cs", "Retention/RetentionSweep.cs", "Sales/Documents/DocumentNumbers.cs",
            "Settings/SettingRows.cs",
            "ShopAccess/ReencryptSecrets.cs", "ShopAccess/ShopSecrets.cs",
            "Statistics/Statistics.cs",
        ];
        var features = Path.Combine(RepositoryRoot.Path, "Features");
        var found = Directory.EnumerateFiles(features, "*.cs", SearchOption.AllDirectories)
            .Where(file => Regex.IsMatch(
                File.ReadAllText(file),
                "using Dapper|FromSql|SqlQuery|ExecuteSql|CreateCommand|GetDbConnection"
                + @"|tx\.(Execute|Scalar|List|Insert|SingleOrDefault)Async"))
            .Select(file => Path.GetRelativePath(features, file).Replace('\\', '/')).Order(StringComparer.Ordinal);

        Assert.Equal(files.Order(StringComparer.Ordinal), found);
    }

    // The other way into a factory is what its lambda captures.
    [Fact]
    public void Factories_are_static()
    {
        var features = Path.Combine(RepositoryRoot.Path, "Features");
        var calls = Directory.EnumerateFiles(features, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
            .SelectMany(
                file =>
                    File.ReadAllText(file).Split("GetOrCreateAsync(").Skip(1)
                        .Select(call => (File: Path.GetFileName(file), Start: call.Split("=>")[0]))).ToArray();

        Assert.True(calls.Length > 8);
        Assert.All(calls, call => Assert.Contains("static ", call.Start));
    }

    private bool IsSingleton(Type type)
    {
        using var one = fixture.Services.CreateScope();
        using var other = fixture.Services.CreateScope();
        return one.ServiceProvider.GetService(type) is { } service
            && ReferenceEquals(service, other.ServiceProvider.GetService(type));
    }
}
