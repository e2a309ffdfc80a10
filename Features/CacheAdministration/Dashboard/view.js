// Tables and lists. Everything is set as text: nothing that a key or a name holds becomes markup.
import { bars } from './charts.js';
import { causes, runs } from './series.js';

export const byId = id => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('data-') || name === 'scope' || name === 'datetime') element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

const number = new Intl.NumberFormat('en');
export const count = value => value === null || value === undefined ? '–' : number.format(value);
export const percent = share => share === null || share === undefined ? '–' : `${(share * 100).toFixed(1)} %`;
export const milliseconds = value => value === null || value === undefined ? '–'
  : value >= 100 ? `${value.toFixed(0)} ms` : value >= 1 ? `${value.toFixed(1)} ms`
    : value >= 0.001 ? `${(value * 1000).toFixed(value >= 0.1 ? 0 : 1)} µs` : `${(value * 1e6).toFixed(0)} ns`;
export const bytes = value => value >= 1048576 ? `${(value / 1048576).toFixed(1)} MiB`
  : value >= 1024 ? `${(value / 1024).toFixed(1)} KiB` : `${Math.round(value)} B`;

const sum = (list, of) => list.reduce((total, one) => total + of(one), 0);
const share = (hits, misses) => hits + misses > 0 ? hits / (hits + misses) : null;
const average = (seconds, of) => of > 0 ? seconds * 1000 / of : null;

const left = new Set(['Layer', 'Tags']);

function table(element, caption, heads, rows) {
  const focused = document.activeElement?.dataset.key;
  element.replaceChildren(
    make('caption', { className: 'note' }, caption),
    make('thead', {}, make('tr', {}, ...heads.map(head => make('th', { scope: 'col', className: left.has(head) ? 'left' : '' }, head)))),
    make('tbody', {}, ...rows));
  if (focused) [...element.querySelectorAll('[data-key]')].find(one => one.dataset.key === focused)?.focus();
}

const cell = (text, figure, data = {}) => make('td', { 'data-figure': figure, ...data }, text);

// What was asked of all layers together, each read once: what memory had not, Redis may have had.
function reads(policy) {
  const layer = name => policy.layers.find(one => one.layer === name) ?? { hits: 0, misses: 0 };
  const [memory, redis, output, application] = ['memory', 'redis', 'output', 'application'].map(layer);
  return {
    hits: memory.hits + redis.hits + output.hits + application.hits,
    misses: Math.max(0, memory.misses - redis.hits) + application.misses,
  };
}

export function showTiles(figures) {
  const all = figures.policies.map(reads);
  const [hits, misses] = [sum(all, one => one.hits), sum(all, one => one.misses)];
  const fills = figures.policies.map(policy => policy.fills);
  const pending = figures.nodes[0]?.pending_invalidations;
  const tiles = [
    ['hit_ratio', 'Hit ratio', percent(share(hits, misses))],
    ['avoided_by_cache', 'Queries avoided by caches', count(hits)],
    ['avoided_by_single_flight', 'Queries avoided by single flight', count(sum(fills, one => one.joined + one.joined_cluster))],
    ['factories', 'Queries made', count(sum(fills, runs))],
    ['stale_served', 'Stale values served', count(sum(fills, one => one.stale_served))],
    ['invalidations', 'Invalidated tags', count(figures.invalidations.tags)],
    ['pending', 'Pending invalidations', count(pending)],
    ['bytes', 'Memory', bytes(figures.bytes)],
    ['entries', 'Entries in memory', count(figures.entries)],
  ];
  byId('tiles').replaceChildren(...tiles.map(([figure, name, value]) =>
    make('div', {}, make('dt', {}, name), make('dd', { 'data-figure': figure }, value))));
}

export function showPolicies(figures) {
  const used = figures.policies.filter(policy =>
    policy.entries > 0 || runs(policy.fills) > 0 || policy.layers.some(layer => layer.hits + layer.misses > 0));
  table(byId('layers'), 'Sums over all nodes since they started', ['Policy', 'Layer', 'Hits', 'Misses', 'Hit ratio', 'Latency'],
    used.flatMap(policy => policy.layers.filter(layer => layer.hits + layer.misses > 0).map(layer => {
      const data = { 'data-policy': policy.pattern, 'data-layer': layer.layer };
      return make('tr', {}, make('th', { scope: 'row', className: 'left' }, policy.pattern),
        make('td', { className: 'left' }, layer.layer), cell(count(layer.hits), 'hits', data),
        cell(count(layer.misses), 'misses', data), cell(percent(share(layer.hits, layer.misses)), 'ratio'),
        cell(milliseconds(average(layer.seconds, layer.timed)), 'latency'));
    })));
  table(byId('fills'), 'Sums over all nodes since they started; entries and memory now',
    ['Policy', 'Queries', 'Failed', 'Query time', 'Joined', 'Stale served', 'Entries', 'Memory'],
    used.map(policy => {
      const fills = policy.fills;
      const data = { 'data-policy': policy.pattern };
      return make('tr', {}, make('th', { scope: 'row', className: 'left' }, policy.pattern),
        cell(count(runs(fills)), 'factories', data), cell(count(fills.failed + fills.cancelled), 'failed', data),
        cell(milliseconds(average(fills.seconds, runs(fills))), 'factory_ms'),
        cell(count(fills.joined + fills.joined_cluster), 'joined', data), cell(count(fills.stale_served), 'stale', data),
        cell(count(policy.entries), 'entries', data), cell(bytes(policy.bytes), 'bytes', data));
    }));
  byId('causes').replaceChildren(bars(causes.map(cause => ({
    name: cause.replaceAll('_', ' '), figure: cause, value: sum(used, policy => policy.fills.causes[cause]),
  })), count));
  const kept = used.filter(policy => policy.bytes > 0).sort((one, other) => other.bytes - one.bytes);
  byId('memory').replaceChildren(kept.length
    ? bars(kept.map(policy => ({ name: policy.pattern, value: policy.bytes })), bytes)
    : make('p', { className: 'note' }, 'Nothing is in memory.'));
}

export function showNodes(figures) {
  table(byId('nodes'), 'The node that sends comes first',
    ['Node', 'Circuit', 'Redis', 'Lease', 'Invalidation lag', 'Deferred', 'Entries', 'Memory', 'Evicted', 'Redis errors'],
    figures.nodes.map(one => {
      const { node, invalidations: lag } = one;
      const lease = node.lease === null ? null : seconds(node.lease);
      return make('tr', {}, make('th', { scope: 'row', className: 'left' }, node.name),
        make('td', { 'data-figure': 'circuit', className: node.circuit === 'closed' ? 'good' : 'bad' }, node.circuit.replace('_', ' ')),
        make('td', { 'data-figure': 'redis', className: node.trusts_redis === false ? 'bad' : 'good' },
          node.trusts_redis === null ? 'not used' : node.trusts_redis ? 'in use' : 'not in use'),
        make('td', { 'data-figure': 'lease', className: lease === 0 ? 'bad' : '' }, lease === null ? '–' : `${lease.toFixed(1)} s`),
        cell(milliseconds(average(lag.seconds, lag.timed)), 'lag'), cell(count(lag.deferred), 'deferred'),
        cell(count(one.entries), 'entries'), cell(bytes(one.bytes), 'bytes'), cell(count(one.evictions), 'evictions'),
        cell(count(one.redis_errors), 'errors'));
    }));
  byId('nodes-note').textContent = !figures.are_others_known ? 'The other nodes are not known while Redis is unavailable.'
    : figures.missing_nodes.length ? `Nodes without a response: ${figures.missing_nodes.join(', ')}.` : '';
}

// A time span as the API writes it: [d.]hh:mm:ss[.fffffff]
function seconds(text) {
  const [, days, hours, minutes, rest] = /^(?:(\d+)\.)?(\d+):(\d+):([\d.]+)$/.exec(text) ?? [0, 0, 0, 0, 0];
  return Number(days ?? 0) * 86400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

export function showKeys(figures, explain) {
  table(byId('keys'), 'Reads of all nodes', ['Key', 'Reads'], figures.top_keys.map(one => make('tr', {},
    make('td', { className: 'wrap left' }, make('button', {
      type: 'button', className: 'link', 'data-key': one.key, onclick: () => explain(one.key),
    }, one.key)), cell(count(one.reads), 'reads'))));
}

const maxEvents = 100;

export function showEvent(kind, text, at, tone = '') {
  const list = byId('events');
  const moment = new Date(at);
  list.prepend(make('li', { className: tone, 'data-kind': kind },
    make('time', { datetime: moment.toISOString() }, moment.toLocaleTimeString([], { hour12: false })), text));
  while (list.children.length > maxEvents) list.lastElementChild.remove();
}

export function showExplanation(reports) {
  const first = reports.nodes[0];
  const policy = first.policy;
  const redis = first.redis;
  const facts = [
    ['Policy', policy ? policy.pattern : 'none'],
    ['Lifetimes', policy ? `fresh ${policy.fresh}, then stale ${policy.stale}` : '–'],
    ['Kept in Redis', policy ? (policy.may_share ? 'yes' : 'no') : '–'],
    ['In Redis', describeCopy(redis)],
    ['Being made', first.fill.here !== 'none' ? first.fill.here : first.fill.locked_for ? 'by another node' : 'no'],
  ];
  const list = make('dl', { className: 'bars' });
  for (const [name, value] of facts) list.append(make('dt', {}, name), make('dd', {}, value), make('dd', {}));
  const nodes = make('table');
  table(nodes, 'The memory of each node', ['Node', 'State', 'Age', 'Fresh for', 'Bytes', 'Reads', 'Last filled', 'Last invalidated', 'Tags'], reports.nodes.map(one => make('tr', {},
    make('th', { scope: 'row', className: 'left' }, one.node.name),
    make('td', { 'data-figure': 'state' }, one.memory.dropped_by ? `${one.memory.state} by ${one.memory.dropped_by}` : one.memory.state),
    make('td', {}, one.memory.age ?? '–'), make('td', {}, one.memory.fresh_for ?? '–'), make('td', {}, count(one.memory.bytes)),
    make('td', {}, count(one.reads)), make('td', {}, one.last_fill ? `${clock(one.last_fill.at)} ${one.last_fill.cause}` : '–'),
    make('td', { 'data-figure': 'write' }, describeDrop(one.last_drop)),
    make('td', { className: 'wrap left' }, (one.memory.tags ?? []).map(tag => tag.tag).join(', ')))));
  byId('explained').replaceChildren(list, make('div', {
    className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Table of the memory of each node',
  }, nodes), make('details', {},
    make('summary', {}, 'Everything'), make('pre', { tabIndex: 0 }, JSON.stringify(reports, null, 2))));
}

// Only the node that made the invalidation knows the write.
function describeDrop(drop) {
  return drop ? `${clock(drop.at)} ${drop.write ?? (drop.is_local ? 'without a trace' : 'by another node')}` : '–';
}

function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour12: false });
}

function describeCopy(redis) {
  if (redis.outdated_by) return `${redis.state} by ${redis.outdated_by}`;
  if (redis.fault) return `${redis.state}: ${redis.fault}`;
  const size = redis.bytes ? `, ${bytes(redis.bytes)}${redis.is_compressed ? ' compressed' : ''}${redis.encrypted_with ? ' encrypted' : ''}` : '';
  return redis.lives_for ? `${redis.state}${size}, lives for ${redis.lives_for}` : redis.state;
}
