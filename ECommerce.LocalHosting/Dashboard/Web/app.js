'use strict';

// Everything that comes from the system is shown by textContent only: log lines and names may contain anything.
const byId = id => document.getElementById(id);
const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const resources = new Map();
const mostLines = 10000;
let logStream;

function stateClass(row) {
  if (row.state === 'Running') return row.health === 'Healthy' ? 'good' : 'warn';
  if (row.state === 'FailedToStart' || row.state === 'RuntimeUnhealthy' || (row.exitCode ?? 0) !== 0) return 'bad';
  return ['Starting', 'Waiting', 'Stopping'].includes(row.state) ? 'warn' : '';
}

function stateText(row) {
  if (row.state === 'Running') return row.health === 'Healthy' ? 'Running' : `Running (${(row.health ?? 'unknown').toLowerCase()})`;
  return row.exitCode === null ? row.state : `${row.state} (exit code ${row.exitCode})`;
}

function cells(row) {
  const name = make('td');
  name.append(make('span', 'name', row.name));
  name.append(make('span', 'type', row.id === row.name ? row.type : `${row.type} · ${row.id.slice(row.name.length + 1)}`));

  const state = make('td');
  state.append(make('span', `state ${stateClass(row)}`, stateText(row)));
  if (row.problem && row.health !== 'Healthy') state.append(make('span', 'problem', row.problem));

  const urls = make('td');
  for (const url of row.urls) urls.append(link(url));
  for (const url of row.internalUrls.filter(url => !row.urls.includes(url))) urls.append(make('span', 'internal', `direct ${url}`));

  const actions = make('td');
  for (const command of ['start', 'stop', 'restart'].filter(command => row.commands.includes(command))) {
    const button = make('button', '', command[0].toUpperCase() + command.slice(1));
    button.addEventListener('click', () => execute(row, command));
    actions.append(button);
  }
  const logs = make('button', '', 'Logs');
  logs.addEventListener('click', () => { location.hash = `logs=${logKey(row)}`; });
  actions.append(logs);

  return [name, state, make('td', '', row.startTime ? new Date(row.startTime).toLocaleTimeString() : '–'), make('td', '', row.source), urls, actions];
}

function link(url) {
  if (!/^https?:/.test(url)) return make('code', '', url);
  const anchor = make('a', '', url);
  anchor.href = url;
  anchor.target = '_blank';
  anchor.rel = 'noopener';
  return anchor;
}

function show(row) {
  const isParameter = row.type === 'Parameter';
  const known = resources.get(row.id);
  const element = known?.element ?? make('tr');
  resources.set(row.id, { row, element });
  element.replaceChildren(...(isParameter ? [make('td', 'name', row.name), make('td', '', row.source)] : cells(row)));
  if (known) return;

  const body = byId(isParameter ? 'parameters' : 'resources');
  const ranked = [...resources.values()].filter(other => (other.row.type === 'Parameter') === isParameter)
    .sort((a, b) => a.row.order - b.row.order || a.row.id.localeCompare(b.row.id));
  body.replaceChildren(...ranked.map(other => other.element));
  if (!isParameter) fillLogSources();
}

async function execute(row, command) {
  const answer = await fetch(`/api/resources/${encodeURIComponent(row.id)}/${command}`, { method: 'POST' });
  if (!answer.ok) toast(await answer.text() || `${command} failed (${answer.status})`);
}

function toast(text) {
  const element = byId('toast');
  element.textContent = text;
  element.hidden = false;
  setTimeout(() => { element.hidden = true; }, 5000);
}

function fillLogSources() {
  const select = byId('log-source');
  const chosen = logId() ?? select.value;
  const rows = [...resources.values()].map(entry => entry.row).filter(row => row.type !== 'Parameter').sort((a, b) => a.order - b.order);
  const names = [...new Set(rows.map(row => row.name))];
  select.replaceChildren();
  for (const name of names) {
    const instances = rows.filter(row => row.name === name);
    if (instances.length > 1) select.append(new Option(`${name} (all replicas)`, name));
    for (const row of instances) select.append(new Option(instances.length > 1 ? row.id : name, logKey(row)));
  }
  if (chosen) select.value = chosen;
}

// A single instance goes by the resource's name.
function logKey(row) {
  const instances = [...resources.values()].filter(entry => entry.row.name === row.name);
  return instances.length > 1 ? row.id : row.name;
}

const logId = () => decodeURIComponent(location.hash.split('=')[1] ?? '') || undefined;

function watchLog(id) {
  logStream?.close();
  byId('log').replaceChildren();
  if (!id) return;

  byId('log-source').value = id;
  let last = 0;
  logStream = new EventSource(`/api/logs/${encodeURIComponent(id)}`);
  logStream.onmessage = event => {
    // A stream that reconnects replays its backlog.
    const lines = JSON.parse(event.data).filter(line => line.lineNumber > last);
    if (lines.length === 0) return;
    last = lines.at(-1).lineNumber;
    append(lines);
  };
}

function append(lines) {
  const log = byId('log');
  const follows = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(...lines.map(line => {
    const space = line.content.indexOf(' ');
    const element = make('div', line.isErrorMessage ? 'error' : '');
    element.append(make('time', '', line.content.slice(11, space - 1)));
    element.append(line.content.slice(space + 1).replace(/\u001b\[[0-9;]*[A-Za-z]/g, ''));
    return element;
  }));
  while (log.childElementCount > mostLines) log.firstElementChild.remove();
  if (follows) log.scrollTop = log.scrollHeight;
}

function route() {
  const logs = location.hash.startsWith('#logs');
  byId('resources-view').hidden = logs;
  byId('logs-view').hidden = !logs;
  for (const anchor of document.querySelectorAll('nav a')) anchor.className = (anchor.hash === '#logs') === logs ? 'current' : '';
  if (logs) watchLog(logId() ?? byId('log-source').value);
  else logStream?.close();
}

byId('log-source').addEventListener('change', event => { location.hash = `logs=${event.target.value}`; });
byId('log-clear').addEventListener('click', () => byId('log').replaceChildren());
byId('log-times').addEventListener('change', event => byId('log').classList.toggle('times', event.target.checked));
byId('log-wrap').addEventListener('change', event => byId('log').classList.toggle('wrap', event.target.checked));
addEventListener('hashchange', route);

const states = new EventSource('/api/resources');
states.onopen = () => { byId('connection').textContent = 'live'; byId('connection').className = ''; };
states.onerror = () => { byId('connection').textContent = 'AppHost not reachable'; byId('connection').className = 'lost'; };
states.onmessage = event => show(JSON.parse(event.data));
route();
