using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ECommerce.Benchmarks.Micro;

/// <summary>
/// Runs in this process: projects that BenchmarkDotNet generates do not fit into the repository's single output tree.
/// </summary>
internal static class InProcess
{
    public static IConfig Config =>
        DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
}
