using System.Diagnostics.Metrics;

namespace ECommerce.ServiceDefaults.Telemetry;

/// <summary>
/// A metric family of Prometheus: a name, a type, and a series for each set of labels, up to a limit.
/// </summary>
internal abstract class PrometheusFamily(string name, string type, string? help, bool observed)
{
    // Labels have few values by design. A mistake must not fill the memory of this process and of Prometheus.
    public const int MaxSeries = 1000;

    private static readonly Type[] Gauges =
        [typeof(UpDownCounter<>), typeof(ObservableUpDownCounter<>), typeof(Gauge<>), typeof(ObservableGauge<>)];

    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);

    public string Name => name;

    public string Type => type;

    public static PrometheusFamily? Create(Instrument instrument)
    {
        var kind = instrument.GetType() is { IsGenericType: true } generic ? generic.GetGenericTypeDefinition() : null;
        var name = PrometheusText.MetricName(instrument.Name);
        if (kind == typeof(Histogram<>))
            return new HistogramFamily(name, instrument.Description, Boundaries(instrument));
        if (kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>))
        {
            var total = name.EndsWith("_total", StringComparison.Ordinal) ? name : name + "_total";
            return new NumberFamily(
                total, "counter", instrument.Description, instrument.IsObservable, adds: !instrument.IsObservable);
        }
        if (kind is null || !Gauges.Contains(kind))
            return null;
        var adds = kind == typeof(UpDownCounter<>);
        return new NumberFamily(name, "gauge", instrument.Description, instrument.IsObservable, adds);
    }

    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusText.Labels(tags);
        lock (_lock)
        {
            if (!_series.TryGetValue(labels, out var series))
            {
                if (_series.Count >= MaxSeries)
                    labels = PrometheusText.Labels(Overflow);
                if (!_series.TryGetValue(labels, out series))
                    _series[labels] = series = NewSeries();
            }
            series.Measure(value);
        }
    }

    /// <summary>
    /// An observable instrument reports all its series each time; one that is no longer reported is removed.
    /// </summary>
    public void BeginObserving()
    {
        if (!observed)
            return;
        lock (_lock)
            _series.Clear();
    }

    public void Write(PrometheusText text)
    {
        lock (_lock)
        {
            if (_series.Count == 0)
                return;
            text.Header(name, type, help);
            foreach (var (labels, series) in _series)
                series.Write(text, name, labels);
        }
    }

    protected abstract Series NewSeries();

    private static IReadOnlyList<double> Boundaries(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } => advised,
        Histogram<long> { Advice.HistogramBucketBoundaries: { } advised } =>
            [.. advised.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(bound => (double)bound)],
        _ => [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    protected abstract class Series
    {
        public abstract void Measure(double value);

        public abstract void Write(PrometheusText text, string name, string labels);
    }

    private sealed class NumberFamily(string name, string type, string? help, bool observed, bool adds)
        : PrometheusFamily(name, type, help, observed)
    {
        protected override Series NewSeries() => new Number(adds);

        private sealed class Number(bool adds) : Series
        {
            private double _value;

            public override void Measure(double value) => _value = adds ? _value + value : value;

            public override void Write(PrometheusText text, string name, string labels) =>
                text.Sample(name, labels, _value);
        }
    }

    private sealed class HistogramFamily(string name, string? help, IReadOnlyList<double> bounds)
        : PrometheusFamily(name, "histogram", help, observed: false)
    {
        protected override Series NewSeries() => new Buckets(bounds);

        private sealed class Buckets(IReadOnlyList<double> bounds) : Series
        {
            private readonly long[] _counts = new long[bounds.Count + 1];
            private double _sum;

            public override void Measure(double value)
            {
                var bucket = 0;
                while (bucket < bounds.Count && value > bounds[bucket])
                    bucket++;
                _counts[bucket]++;
                _sum += value;
            }

            public override void Write(PrometheusText text, string name, string labels)
            {
                var count = 0L;
                for (var bucket = 0; bucket < _counts.Length; bucket++)
                {
                    count += _counts[bucket];
                    text.Bucket(name, labels, bucket < bounds.Count ? bounds[bucket] : double.PositiveInfinity, count);
                }
                text.Sample(name + "_sum", labels, _sum);
                text.Sample(name + "_count", labels, count);
            }
        }
    }
}
