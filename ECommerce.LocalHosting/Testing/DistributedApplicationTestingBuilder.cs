using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

public static class DistributedApplicationTestingBuilder
{
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class =>
        CreateAsync<TEntryPoint>([], cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args,
        CancellationToken cancellationToken = default)
        where TEntryPoint : class =>
        CreateAsync(typeof(TEntryPoint), args, null, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default)
        where TEntryPoint : class =>
        CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    /// <summary>An empty system, for the test to fill.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) =>
        Create(Assembly.GetCallingAssembly(), args, null);

    public static IDistributedApplicationTestingBuilder Create(string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder) =>
        Create(Assembly.GetCallingAssembly(), args, configureBuilder);

    private static TestingBuilder Create(Assembly test, string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? configure)
    {
        var hook = new AppHostHook(test, configure);
        AppHostHook.Current = hook;
        try
        {
            return new TestingBuilder(hook, new DistributedApplicationBuilder(args), entryPoint: null);
        }
        finally
        {
            AppHostHook.Current = null;
        }
    }

    /// <summary>Runs AppHost.cs on a thread of its own as far as Build(), and answers its builder.</summary>
    private static async Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? configure, CancellationToken cancellationToken)
    {
        var main = entryPoint.Assembly.EntryPoint
            ?? throw new InvalidOperationException($"The assembly of '{entryPoint}' has no entry point.");
        var hook = new AppHostHook(entryPoint.Assembly, configure);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            AppHostHook.Current = hook;
            try
            {
                main.Invoke(null, main.GetParameters().Length == 0 ? null : [args]);
                hook.Failed(new InvalidOperationException("The entry point ended without building an application."));
            }
            catch (Exception error)
            {
                // Whoever waits for the builder, the application or its start gets it.
                hook.Failed(error.InnerException ?? error);
            }
            finally
            {
                ended.SetResult();
            }
        })
        { IsBackground = true, Name = $"Entry point of {entryPoint.Assembly.GetName().Name}" };
        thread.Start();

        var builder = await hook.Builder.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new TestingBuilder(hook, builder, ended.Task);
    }
}
