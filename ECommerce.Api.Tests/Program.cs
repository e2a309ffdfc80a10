using System.Reflection;
using ECommerce.Caching.Diagnostics;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace ECommerce.Api.Tests;

/// <summary>
/// Runs the tests; or, with <c>node</c> as the first argument, one node of the API in a process of its own, with a
/// fault planted in its cache if that is asked for.
/// </summary>
internal static class Program
{
    public const string NodeArgument = "node";

    public static async Task<int> Main(string[] args)
    {
        if (args is [NodeArgument, var planted, .. var arguments])
            return RunNode(planted, arguments);
        LocalRedis.BeforeStop = RedisCommands.AssertHarmlessAsync;
        // As in the entry point that xunit generates.
        return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }

    private static int RunNode(string planted, string[] arguments)
    {
        // Before the cache is made.
        FaultInjection.Present = planted switch
        {
            "none" => new FaultInjection(),
            "fence" => new FaultInjection(NoFence: true),
            "lease" => new FaultInjection(NoLease: true),
            "generation" => new FaultInjection(NoGeneration: true),
            _ => throw new ArgumentException($"No such fault: {planted}", nameof(planted)),
        };
        return (int)typeof(ApiExceptionHandler).Assembly.EntryPoint!.Invoke(
            null, BindingFlags.DoNotWrapExceptions, null, [arguments], null)!;
    }
}
