const SCRIPT = document.currentScript;
const HOME = SCRIPT && SCRIPT.src ? new URL(SCRIPT.src).origin : location.origin;
const SLOW_MS = 400, GIVE_UP_MS = 30000, RETRY_MS = [1000, 2000, 4000, 8000, 15000, 30000];

// Makes an element. Text is only ever set as text, so markup in it stays text.
function h(tag, attrs) {
  const el = document.createElement(tag);
  Object.keys(attrs || {}).forEach(k => {
    const v = attrs[k];
    if (k === 'on') el.addEventListener('click', v);
    else if (k === 'text') el.textContent = v;
    else if (k in el && typeof v !== 'string') el[k] = v;
    else if (v != null) el.setAttribute(k, v);
  });
  Array.from(arguments).slice(2).flat(3).forEach(c => { if (c) el.append(c); });
  return el;
}
const button = (text, on, cls, attrs) => h('button', Object.assign({ type: 'button', text, on, class: cls || 'soft' }, attrs));
const paragraphs = text => String(text || '').split(/\n+/).filter(Boolean).map(t => h('p', { text: t }));
const safe = url => (/^https?:[/]{2}/.test(url || "") ? url : null);
const list = v => v == null ? [] : Array.isArray(v) ? v : [v];
const said = v => v == null ? '' : typeof v === 'object' ? v.plain || v.text || v.name || v.label || v.where || '' : String(v);
const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, b => ('0' + b.toString(16)).slice(-2)).join('');
};

// What is kept on this device. Where the browser refuses storage it lives as long as the page.
class Kept {
  constructor(key) { this.key = key; this.memory = {}; }
  get all() {
    try { return JSON.parse(localStorage.getItem(this.key)) || this.memory; } catch (refused) { return this.memory; }
  }
  set(change) {
    const all = this.memory = Object.assign({}, this.all, change);
    try { localStorage.setItem(this.key, JSON.stringify(all)); } catch (refused) { this.refused = true; }
  }
  get queue() { return this.all.queue || []; }
  add(item) { this.set({ queue: this.queue.concat(item) }); }
  drop(id) { this.set({ queue: this.queue.filter(i => i.id !== id) }); }
}

// One request. Throws {retry: true, after} where trying again can help, {status, detail} where it cannot.
async function call(server, method, path, body, token) {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), GIVE_UP_MS), headers = {};
  if (body) headers['Content-Type'] = 'application/json';
  if (token) headers.Authorization = 'Bearer ' + token;
  let answer, text;
  try {
    answer = await fetch(server + path, { method, headers, body: body && JSON.stringify(body), signal: stop.signal, credentials: 'omit' });
    text = await answer.text();
  } catch (unreachable) {
    throw { retry: true };
  } finally { clearTimeout(timer); }
  let data = null;
  try { data = text ? JSON.parse(text) : null; } catch (notJson) { if (answer.ok) throw { retry: true }; }
  if (answer.ok) return data;
  const busy = answer.status === 429;
  if (busy || answer.status === 408 || answer.status >= 500) throw { retry: true, busy, after: 1000 * (parseInt(answer.headers.get('Retry-After'), 10) || 0) };
  throw { status: answer.status, detail: data && data.detail || '' };
}
