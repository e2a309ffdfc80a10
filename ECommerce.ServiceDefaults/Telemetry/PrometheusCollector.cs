using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace ECommerce.ServiceDefaults.Telemetry;

/// <summary>
/// Listens to our own meters (<c>ECommerce.*</c>) and answers a scrape with what they measured, in the text format of Prometheus. The same
/// instruments go out by OTLP, through the SDK; this is not a second set.
/// </summary>
internal sealed partial class PrometheusCollector : IDisposable
{
    private const string Ours = "ECommerce.";

    private readonly MeterListener _listener = new();
    private readonly Lock _scrape = new();
    private readonly SortedDictionary<string, PrometheusFamily> _families = new(StringComparer.Ordinal);
    private readonly ILogger<PrometheusCollector> _logger;

    public PrometheusCollector(IMeterFactory meters, ILogger<PrometheusCollector> logger)
    {
        _logger = logger;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Another host in the same process has another factory.
            if (instrument.Meter.Name.StartsWith(Ours, StringComparison.Ordinal) && (instrument.Meter.Scope is null || instrument.Meter.Scope == meters) && Add(instrument) is { } family)
                listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, family) => ((PrometheusFamily)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, family) => ((PrometheusFamily)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((PrometheusFamily)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((PrometheusFamily)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, family) => ((PrometheusFamily)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((PrometheusFamily)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, family) => ((PrometheusFamily)family!).Measure((double)value, tags));
        _listener.Start();
    }

    public string Scrape()
    {
        // One at a time: what is observed is collected anew for each.
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

    // Instruments that come out with one name are one family; the first decides what it is.
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
