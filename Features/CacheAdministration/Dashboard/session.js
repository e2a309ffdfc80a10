// The session of this page: tokens are in these variables and nowhere else, so a reload forgets them.
const api = '/api/v1';
let tokens = null;

export class ApiError extends Error {
  constructor(status, message) { super(message); this.status = status; }
}

async function post(path, body) {
  const response = await fetch(api + path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  if (!response.ok) throw await errorOf(response);
  return response.status === 204 ? null : response.json();
}

async function errorOf(response) {
  let detail = `The server responded with ${response.status}.`;
  try {
    const problem = await response.json();
    detail = Object.values(problem.errors ?? {}).flat().join(' ') || problem.detail || problem.title || detail;
  } catch { /* No problem details: of a proxy, say. */ }
  return new ApiError(response.status, detail);
}

export async function logIn(username, password) { tokens = await post('/auth/login', { username, password }); }

export async function logOut() {
  const refresh = tokens?.refresh_token;
  tokens = null;
  if (refresh) await post('/auth/logout', { refresh_token: refresh }).catch(() => {});
}

// False: the session has ended, because the user was disabled, say.
export async function renew() {
  try {
    tokens = await post('/auth/refresh', { refresh_token: tokens?.refresh_token ?? '' });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status < 500 && error.status !== 429) tokens = null;
    else throw error;
    return false;
  }
}

const authorized = (path, options = {}) =>
  fetch(api + path, { ...options, headers: { Authorization: `Bearer ${tokens?.access_token ?? ''}` } });

export async function get(path) {
  let response = await authorized(path);
  if (response.status === 401 && tokens && await renew()) response = await authorized(path);
  if (!response.ok) throw await errorOf(response);
  return response.json();
}

// Server-sent events by fetch: an EventSource could send the token in the URL only, where logs keep it.
export async function stream(path, onEvent, signal) {
  const response = await authorized(path, { signal });
  if (!response.ok) throw await errorOf(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
      let name = 'message';
      const data = [];
      for (const line of text.slice(0, end).split('\n')) {
        if (line.startsWith('event:')) name = line.slice(6).trim();
        else if (line.startsWith('data:')) data.push(line.slice(5));
      }
      if (data.length) onEvent(name, JSON.parse(data.join('\n')));
    }
  }
}
