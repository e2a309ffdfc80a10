// What the charts show: steps of counts per policy and layer, of the live figures or of the history.
const layers = ['memory', 'redis', 'output', 'application'];
export const causes = ['not_cached', 'expired', 'invalidated', 'refreshed', 'redis_unavailable', 'unreadable'];

const sum = (list, of) => list.reduce((total, one) => total + of(one), 0);
export const runs = fills => fills.succeeded + fills.failed + fills.cancelled;

// Live steps: the growth between two figures. A node that left takes its counts along: that is no growth.
export class LiveSteps {
  constructor(keepMilliseconds) { this.keep = keepMilliseconds; this.last = null; this.steps = []; }

  add(figures, at) {
    if (this.last) this.steps.push({ at, minutes: (at - this.last.at) / 60000, policies: grown(this.last.figures, figures) });
    this.last = { at, figures };
    while (this.steps.length && this.steps[0].at < at - this.keep) this.steps.shift();
  }
}

function grown(before, now) {
  const earlier = new Map(before.policies.map(policy => [policy.pattern, policy]));
  return now.policies.map(policy => {
    const old = earlier.get(policy.pattern);
    const less = (one, other) => Math.max(0, one - (other ?? 0));
    return {
      pattern: policy.pattern,
      layers: policy.layers.map(layer => {
        const was = old?.layers.find(other => other.layer === layer.layer);
        const timed = less(layer.timed, was?.timed);
        return {
          layer: layer.layer, hits: less(layer.hits, was?.hits), misses: less(layer.misses, was?.misses),
          latency: timed > 0 ? less(layer.seconds, was?.seconds) * 1000 / timed : null,
        };
      }),
      runs: less(runs(policy.fills), old && runs(old.fills)),
      factoryMs: average(less(policy.fills.seconds, old?.fills.seconds) * 1000, less(runs(policy.fills), old && runs(old.fills))),
      joined: less(policy.fills.joined + policy.fills.joined_cluster, old && old.fills.joined + old.fills.joined_cluster),
      stale: less(policy.fills.stale_served, old?.fills.stale_served),
    };
  });
}

const average = (total, count) => count > 0 ? total / count : null;

// The same steps from the columns of GET /cache/analytics.
export function historySteps(analytics) {
  return analytics.at.map((at, i) => ({
    at: Date.parse(at), minutes: analytics.step_minutes,
    policies: analytics.policies.map(policy => ({
      pattern: policy.pattern,
      layers: policy.layers.map(layer => ({
        layer: layer.layer, hits: layer.hits[i], misses: layer.misses[i], latency: layer.latency_ms[i],
      })),
      runs: policy.factories[i], factoryMs: policy.factory_ms[i], joined: policy.joined[i], stale: policy.stale_served[i],
    })),
  }));
}

// The lines of the charts for one policy, or for all.
export function lines(steps, pattern) {
  const of = steps.map(step => step.policies.filter(policy => !pattern || policy.pattern === pattern));
  const layer = (policies, name) => policies.flatMap(policy => policy.layers.filter(one => one.layer === name));
  const used = layers.filter(name => of.some(policies => layer(policies, name).some(one => one.hits + one.misses > 0)));
  const column = (name, value) => of.map(policies => value(layer(policies, name)));
  const perMinute = value => of.map((policies, i) => steps[i].minutes > 0 ? value(policies) / steps[i].minutes : 0);
  const allLayers = policies => policies.flatMap(policy => policy.layers);
  return {
    at: steps.map(step => step.at),
    ratio: used.map(name => ({ name, values: column(name, list => {
      const [hits, misses] = [sum(list, one => one.hits), sum(list, one => one.misses)];
      return hits + misses > 0 ? hits / (hits + misses) : null;
    }) })),
    latency: [
      ...used.map(name => ({ name, values: column(name, weightedLatency) })),
      { name: 'source', values: of.map(policies => weighted(policies, one => one.runs, one => one.factoryMs)) },
    ],
    reads: [
      { name: 'hits', values: perMinute(policies => sum(allLayers(policies), one => one.hits)) },
      { name: 'queries', values: perMinute(policies => sum(policies, one => one.runs)) },
      { name: 'joined', values: perMinute(policies => sum(policies, one => one.joined)) },
      { name: 'stale', values: perMinute(policies => sum(policies, one => one.stale)) },
    ],
  };
}

const weightedLatency = list => weighted(list, one => one.hits + one.misses, one => one.latency);

function weighted(list, weight, value) {
  const timed = list.filter(one => value(one) !== null && weight(one) > 0);
  const total = sum(timed, weight);
  return total > 0 ? sum(timed, one => weight(one) * value(one)) / total : null;
}
