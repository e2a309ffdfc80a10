using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Engine;
using Aspire.Hosting.Programs;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private const string NoInstallArgument = "--no-install";

    private readonly HostApplicationBuilder _host;
    private readonly AppHostHook? _hook = AppHostHook.Current;

    public DistributedApplicationBuilder(string[] args) : this(new DistributedApplicationOptions { Args = args })
    {
    }

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var hostSettings = new HostApplicationBuilderSettings();
        _hook?.Constructing(options, hostSettings);
        if (_hook is null)
            Signals.ListenToInterrupts();

        AppHostAssembly = _hook?.AppHostAssembly ?? Assembly.GetEntryAssembly();
        AppHostDirectory = options.ProjectDirectory ?? AppHostMetadata.Directory(AppHostAssembly) ?? Directory.GetCurrentDirectory();
        AppHostPath = Path.Combine(AppHostDirectory, options.AssemblyName ?? AppHostAssembly?.GetName().Name ?? "AppHost");

        // The command line of .NET configuration would take the argument after a bare switch for its value.
        var args = options.Args ?? [];
        hostSettings.Args = [.. args.Where(arg => arg != NoInstallArgument)];
        hostSettings.ApplicationName = AppHostAssembly?.GetName().Name;
        hostSettings.ContentRootPath = AppHostDirectory;
        _host = Host.CreateApplicationBuilder(hostSettings);
        Configuration.AddInMemoryCollection([new("AppHost:Directory", AppHostDirectory), new("AppHost:Path", AppHostPath)]);
        if (_hook is not null)
            AppHostHook.Configure(Configuration);

        var refused = args.Contains(NoInstallArgument) || Configuration["ECOMMERCE_NO_INSTALL"] is "1" or "true";
        var settings = new EngineSettings(
            IsTesting: _hook is not null,
            RandomizePorts: Configuration.GetValue("DcpPublisher:RandomizePorts", false),
            MayInstall: !refused,
            DashboardEnabled: !options.DisableDashboard,
            LogResources: options.EnableResourceLogging);
        AddServices(settings);
        _hook?.Constructed(this);
    }

    public Assembly? AppHostAssembly { get; }

    public string AppHostDirectory { get; }

    public string AppHostPath { get; }

    public ConfigurationManager Configuration => _host.Configuration;

    public IHostEnvironment Environment => _host.Environment;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IServiceCollection Services => _host.Services;

    internal SecretStore Secrets { get; private set; } = null!;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (Resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{typeof(T)}' with name '{resource.Name}' because it is in use.");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _hook?.Building();
        var app = new DistributedApplication(_host.Build());
        _hook?.Built(app);
        return app;
    }

    private void AddServices(EngineSettings settings)
    {
        var data = settings.IsTesting ? DataFolder.Temporary() : DataFolder.OfAppHost(AppHostPath);
        Secrets = new SecretStore(data);

        Services.AddSingleton(settings);
        // By factories, so that the container disposes of them: the data folder last, as it was made first.
        Services.AddSingleton(_ => data);
        Services.AddSingleton(Secrets);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        Services.TryAddSingleton(TimeProvider.System);
        Services.AddHttpClient();
        Services.AddSingleton<SecretMask>();
        // By factories: their constructors are not public.
        Services.AddSingleton(services => new ResourceLoggerService(
            services.GetRequiredService<SecretMask>(), services.GetRequiredService<TimeProvider>(), settings, Environment,
            services.GetRequiredService<ILoggerFactory>()));
        Services.AddSingleton(services => new ResourceNotificationService(
            settings, services.GetRequiredService<ResourceLoggerService>(), services.GetRequiredService<ILogger<DistributedApplication>>()));
        Services.AddSingleton(services => new ResourceCommandService(services));
        Services.AddSingleton<RequiredPrograms>();
        Services.AddSingleton<LauncherFactory>();
        Services.AddSingleton<HealthMonitor>();
        Services.AddSingleton<Orchestrator>();
        // The dashboard first: it shows the start, and as the last to stop also the end.
        if (settings.DashboardEnabled)
            Services.AddSingleton<DashboardApi>().AddHostedService<DashboardHost>();
        Services.AddHostedService<EngineHost>();
        if (!settings.IsTesting)
            Services.AddHostedService<DotnetRunWatch>();

        Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        _host.Logging.AddSimpleConsole(console => console.SingleLine = true);
        _host.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        // A failed start is told once, by Run() or the test that asked for it.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }
}
