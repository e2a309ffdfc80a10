using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ECommerce.Benchmarks.Micro;

/// <summary>In this process: projects that BenchmarkDotNet generates do not fit into the one output tree of the repository.</summary>
internal static class InProcess
{
    public static IConfig Config => DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
}
