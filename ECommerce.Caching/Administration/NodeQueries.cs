using System.Text.Json;
using ECommerce.Caching.Coherence;
using ECommerce.Caching.Inspection;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Warming;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Caching.Administration;

/// <summary>
/// Asks every node what <see cref="ICacheInspector"/> reports there. A question is a command of the backplane; the
/// answer goes to the channel of the node that asked.
/// </summary>
internal sealed class NodeQueries : IHostedService
{
    private const string Command = "ask";
    private const string Statistics = "statistics";
    private const string Explanation = "explanation";
    private const string Warming = "warm";

    // Longer than a node may wait for its database or for Redis.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ICacheInspector _inspector;
    private readonly CacheEngine _engine;
    private readonly Backplane? _backplane;
    private readonly Lazy<ICacheWarmer?> _warmer;

    public NodeQueries(
        ICacheInspector inspector, CacheEngine engine, BackplaneCommands commands, IServiceProvider services,
        Backplane? backplane = null)
    {
        (_inspector, _engine, _backplane) = (inspector, engine, backplane);
        // The warmer reads through the cache, which must be there before it.
        _warmer = new Lazy<ICacheWarmer?>(services.GetService<ICacheWarmer>);
        // In the background: the backplane applies commands under its lock, and statistics go through all of L1.
        commands.On(Command, (question, _) => Answer(question));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<NodeReports<CacheStatistics>> StatisticsAsync(
        string? tenant, CancellationToken cancellationToken) => await AskAsync(
        await _inspector.StatisticsAsync(tenant, cancellationToken).ConfigureAwait(false), Statistics,
        tenant ?? string.Empty).ConfigureAwait(false);

    public async Task<NodeReports<KeyExplanation>> ExplainAsync(string key, CancellationToken cancellationToken)
    {
        var here = await _inspector.ExplainAsync(key, cancellationToken).ConfigureAwait(false);
        // Nothing is kept under a key that is at fault, and a message could not carry it.
        return here.Fault is KeyFault.None or KeyFault.NoPolicy
            ? await AskAsync(here, Explanation, key).ConfigureAwait(false)
            : new NodeReports<KeyExplanation>([here], [], true);
    }

    public async Task<NodeReports<WarmingProgress>> WarmAsync(string? tenant, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // An observer has no memory to fill.
        var own = _backplane is { IsObserver: true } ? null : _warmer.Value?.Begin(tenant);
        return await AskAsync(own, Warming, tenant ?? string.Empty).ConfigureAwait(false);
    }

    private async Task<NodeReports<T>> AskAsync<T>(T? own, string kind, string argument)
        where T : class
    {
        IReadOnlyList<T> here = own is null ? [] : [own];
        if (_backplane is not { } backplane || _engine.Redis is not { } redis)
            return new NodeReports<T>(here, [], true);
        try
        {
            var answers = await backplane.AskAsync(
                id => BackplaneCommands.Write(Command, $"{backplane.Node}:{id}:{kind}:{argument}"),
                await redis.DrawAsync().ConfigureAwait(false), Patience).ConfigureAwait(false);
            var (nodes, missing) = (new List<T>(here), new List<string>());
            foreach (var (node, text) in answers)
            {
                if (Parse<T>(text) is { } answer)
                    nodes.Add(answer);
                else
                    missing.Add(node);
            }
            // An observer is no node; what Redis has it reports where no node does.
            if (backplane.IsObserver && (nodes.Count > 1 || kind == Statistics))
                nodes.RemoveRange(0, here.Count);
            return new NodeReports<T>(nodes, missing, true);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            _engine.RedisFailed(exception, "ask", kind);
            return new NodeReports<T>(here, [], false);
        }
    }

    private void Answer(string question) => _ = Task.Run(() => AnswerAsync(question));

    private async Task AnswerAsync(string question)
    {
        // Names and numbers have no colon; a key has.
        if (question.Split(':', 4) is not [var sender, var id, var kind, var argument] || _backplane is null)
            return;
        try
        {
            object? answer = kind switch
            {
                Statistics => await _inspector.StatisticsAsync(argument.Length > 0 ? argument : null)
                    .ConfigureAwait(false),
                Warming => _warmer.Value?.Begin(argument.Length > 0 ? argument : null),
                Explanation => await _inspector.ExplainAsync(argument).ConfigureAwait(false),
                _ => null,
            };
            if (answer is not null)
                _backplane.Answer(sender, id, JsonSerializer.Serialize(answer, answer.GetType()));
        }
        catch (Exception)
        {
            // The node that asked names this one as missing.
        }
    }

    // What an older or newer node writes may be none.
    private static T? Parse<T>(string? text)
        where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<T>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
