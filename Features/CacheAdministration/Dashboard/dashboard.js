// The page: logs in, follows the events of the API, and shows them. What a fault changes arrives by these events.
import { ApiError, get, logIn, logOut, renew, stream } from './session.js';
import { LiveSteps, historySteps, lines } from './series.js';
import { lineChart } from './charts.js';
import { byId, count, milliseconds, percent, showEvent, showExplanation, showKeys, showNodes, showPolicies, showTiles } from './view.js';

const liveMilliseconds = 5 * 60000;
const historyMilliseconds = 30000;
const maxDelay = 10000;

let connection = null;
let live = new LiveSteps(liveMilliseconds);
let history = null;
let historyTimer = 0;

function showStatus(status, text = status) {
  const badge = byId('status');
  badge.dataset.status = status;
  if (badge.textContent !== text) badge.textContent = text;
}

function showBoard(isLoggedIn) {
  byId('login').hidden = isLoggedIn;
  byId('board').hidden = !isLoggedIn;
  byId('logout').hidden = !isLoggedIn;
  if (!isLoggedIn) byId('user').textContent = '';
}

const receivers = {
  figures(figures) {
    const hasOpen = figures.nodes.some(one => one.node.circuit !== 'closed');
    showStatus(figures.status, hasOpen ? `${figures.status}, circuit open` : figures.status);
    live.add(figures, Date.now());
    showTiles(figures);
    showPolicies(figures);
    showNodes(figures);
    showKeys(figures, key => { byId('key').value = key; explain(); });
    offerPolicies(figures.policies);
    if (byId('range').value === 'live') showCharts();
  },
  invalidation: event => showEvent('invalidation',
    `invalidated ${event.tags.join(', ')} (${event.is_local ? 'by this node' : 'by another node'})`, event.at),
  circuit: event => showEvent('circuit', `circuit of ${event.dependency}: ${event.state.replace('_', ' ')}`, event.at,
    event.state === 'closed' ? 'good' : 'bad'),
  node: event => showEvent('node', `node ${event.node} ${event.is_present ? 'joined' : 'left'}`, event.at,
    event.is_present ? 'good' : 'warn'),
};

// Reconnects until the session ends: a replica may restart, and another one responds.
async function follow() {
  connection?.abort();
  const mine = connection = new AbortController();
  for (let delay = 500; !mine.signal.aborted; delay = Math.min(2 * delay, maxDelay)) {
    let hasExpired = false;
    try {
      await stream('/cache/events', (name, data) => {
        delay = 500;
        if (name === 'expired') hasExpired = true;
        else receivers[name]?.(data);
      }, mine.signal);
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error instanceof ApiError && error.status === 401) hasExpired = true;
      else if (error instanceof ApiError && error.status === 403) return end(error.message);
    }
    if (mine.signal.aborted) return;
    if (hasExpired) {
      const isRenewed = await renew().catch(() => true);
      if (!isRenewed) return end('The session has ended. Log in again.');
    }
    showStatus('disconnected');
    await new Promise(resume => { setTimeout(resume, delay); });
  }
}

function end(message) {
  connection?.abort();
  clearInterval(historyTimer);
  logOut();
  showBoard(false);
  showStatus('', 'not connected');
  byId('login-error').textContent = message;
  byId('username').focus();
}

function offerPolicies(policies) {
  const select = byId('policy');
  const known = new Set([...select.options].map(option => option.value));
  for (const { pattern } of policies) {
    if (!known.has(pattern)) select.append(new Option(pattern, pattern));
  }
}

function showCharts() {
  const isLive = byId('range').value === 'live';
  const steps = isLive ? live.steps : history ? historySteps(history) : [];
  const shown = lines(steps, byId('policy').value);
  byId('charts').replaceChildren(
    lineChart('chart-ratio', 'Hit ratio by layer', shown.at, shown.ratio, { format: percent, max: 1 }),
    lineChart('chart-latency', 'Latency by layer, logarithmic', shown.at, shown.latency, { format: milliseconds, log: true }),
    lineChart('chart-reads', 'Reads and queries a minute', shown.at, shown.reads, { format: value => count(Math.round(value)) }));
  byId('range-note').textContent = isLive ? 'Every two seconds, since this page was opened.'
    : history && !history.are_others_known ? 'Redis is unavailable: the history of this node only.'
      : `All nodes, in steps of ${history?.step_minutes ?? 1} min; a minute appears when it is over.`;
}

async function loadHistory() {
  const range = byId('range').value;
  if (range === 'live') return;
  const from = new Date(Date.now() - Number(range) * 60000).toISOString().slice(0, 19);
  try {
    history = await get(`/cache/analytics?from=${from}Z`);
  } catch (error) {
    byId('range-note').textContent = error.message;
    return;
  }
  if (byId('range').value === range) showCharts();
}

async function explain() {
  byId('explain-error').textContent = '';
  try {
    showExplanation(await get(`/cache/keys/explain?key=${encodeURIComponent(byId('key').value.trim())}`));
    byId('explained').scrollIntoView({ block: 'nearest' });
  } catch (error) {
    byId('explained').replaceChildren();
    byId('explain-error').textContent = error.message;
  }
}

byId('login-form').addEventListener('submit', async event => {
  event.preventDefault();
  byId('login-error').textContent = '';
  const password = byId('password');
  try {
    await logIn(byId('username').value.trim(), password.value);
    const me = await get('/auth/me');
    byId('user').textContent = me.tenant ? `${me.username}, ${me.tenant}` : me.username;
    live = new LiveSteps(liveMilliseconds);
    history = null;
    showBoard(true);
    showCharts();
    clearInterval(historyTimer);
    historyTimer = setInterval(loadHistory, historyMilliseconds);
    follow();
  } catch (error) {
    byId('login-error').textContent = error.message;
  } finally {
    password.value = '';
  }
});

byId('explain-form').addEventListener('submit', event => {
  event.preventDefault();
  explain();
});

byId('range').addEventListener('change', () => {
  if (byId('range').value === 'live') showCharts();
  else loadHistory();
});
byId('policy').addEventListener('change', showCharts);
byId('logout').addEventListener('click', () => end(''));

const dark = matchMedia('(prefers-color-scheme: dark)');
function setTheme(isDark) {
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  byId('theme').setAttribute('aria-pressed', String(isDark));
}
dark.addEventListener('change', () => setTheme(dark.matches));
byId('theme').addEventListener('click', () => setTheme(document.documentElement.dataset.theme !== 'dark'));
setTheme(dark.matches);
