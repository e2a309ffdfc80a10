using BenchmarkDotNet.Running;
using ECommerce.Benchmarks.Data;
using ECommerce.Benchmarks.HitRatio;
using ECommerce.Benchmarks.Hostile;
using ECommerce.Benchmarks.Http;
using ECommerce.Benchmarks.Keys;
using ECommerce.Benchmarks.Lists;
using ECommerce.Benchmarks.Micro;
using ECommerce.Benchmarks.Overload;
using ECommerce.Benchmarks.Peers;
using ECommerce.Benchmarks.Sync;
using ECommerce.Benchmarks.Table;
using ECommerce.Benchmarks.Warm;

var (mode, rest) = args is [var first, .. var others] ? (first, others) : ("table", []);
switch (mode)
{
    case "table":
        return await CostTable.RunAsync(rest);
    case "http":
        return await HttpTable.RunAsync();
    case "overload":
        return await OverloadMode.RunAsync(rest);
    case "warm":
        return await WarmMode.RunAsync();
    case "keys":
        return await KeysMode.RunAsync();
    case "sync":
        return await SyncMode.RunAsync();
    case "hostile":
        return await HostileMode.RunAsync();
    case "data":
        return await DataMode.RunAsync();
    case "lists":
        return await ListsMode.RunAsync();
    case "peers":
        return await PeersMode.RunAsync(rest);
    case "serve":
        await OutputSiteProcess.ServeAsync(rest);
        return 0;
    case "hitratio":
        HitRatioTable.Run();
        return 0;
    case "micro":
        BenchmarkSwitcher.FromTypes([typeof(MemoryHits)]).Run([.. rest, "--filter", "*"], InProcess.Config);
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            "Modes: table [memory|redis|invalidation|messages|write], http, overload [seconds], warm, keys, sync, "
            + "hostile, data, lists, peers [costs|probes [P1]], hitratio, micro.");
        return 2;
}
