using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace ECommerce.ServiceDefaults.Telemetry;

/// <summary>
/// Collects the measurements of the system's own meters (<c>ECommerce.*</c>) and writes them for a scrape in the text
/// format of Prometheus. The SDK exports the same instruments by OTLP.
/// </summary>
internal sealed partial class PrometheusCollector : IDisposable
{
    private const string OwnPrefix = "ECommerce.";

    private readonly MeterListener _listener = new();
    private readonly Lock _scrape = new();
    private readonly SortedDictionary<string, PrometheusFamily> _families = new(StringComparer.Ordinal);
    private readonly ILogger<PrometheusCollector> _logger;

    public PrometheusCollector(IMeterFactory meters, ILogger<PrometheusCollector> logger)
    {
        _logger = logger;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsOwn(instrument.Meter, meters) && Add(instrument) is { } family)
                listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(
            static (_, value, tags, family) => Measure(family, (double)value, tags));
        _listener.Start();
    }

    public string Scrape()
    {
        // One at a time: observable instruments are read anew for each scrape.
        lock (_scrape)
        {
            PrometheusFamily[] families;
            lock (_families)
                families = [.. _families.Values];
            foreach (var family in families)
                family.BeginObserving();
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException exception)
            {
                // One instrument that cannot be read must not hide the others.
                LogUnreadable(exception.InnerException ?? exception);
            }
            var text = new PrometheusText();
            foreach (var family in families)
                family.Write(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    // Another host in the same process has another factory.
    private static bool IsOwn(Meter meter, IMeterFactory meters) =>
        meter.Name.StartsWith(OwnPrefix, StringComparison.Ordinal) && (meter.Scope is null || meter.Scope == meters);

    private static void Measure(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((PrometheusFamily)family!).Measure(value, tags);

    // Instruments with the same exported name are one family; the first determines its type.
    private PrometheusFamily? Add(Instrument instrument)
    {
        if (PrometheusFamily.Create(instrument) is not { } family)
            return null;
        lock (_families)
        {
            if (_families.TryGetValue(family.Name, out var known))
                return known.Type == family.Type ? known : null;
            _families[family.Name] = family;
        }
        return family;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An instrument could not be read for /metrics.")]
    private partial void LogUnreadable(Exception exception);
}
