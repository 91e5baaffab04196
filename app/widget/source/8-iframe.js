// <guiyan-chat mode="iframe">: the same calls and events, with the chat itself in a frame of the server's own.
// Messages are taken only from the other side's window; the frame names its server, so nothing reaches a third site.
const CALLS = ['open', 'close', 'send', 'setLocale', 'clear'], EVENTS = ['ready', 'open', 'close', 'message', 'error', 'deleted'];
function framed(el) {
  const server = (el.getAttribute('server') || HOME).replace(/\/$/, ''), origin = new URL(server, location.href).origin, root = el.attachShadow({ mode: 'open' });
  const lang = /^en/i.test(el.getAttribute('lang') || '') ? 'en' : 'zh', waiting = [];
  const frame = h('iframe', { title: WORDS[lang].name, src: server + '/frame?lang=' + lang, allow: 'clipboard-write; microphone' });
  let ready = false;
  Object.assign(frame.style, { width: '100%', height: '100%', minHeight: '480px', border: '0' });
  const post = message => frame.contentWindow.postMessage(message, origin);
  CALLS.forEach(name => { el[name] = arg => { const m = { guiyan: 1, call: name, arg: arg == null ? null : String(arg) }; if (ready) post(m); else waiting.push(m); }; });
  addEventListener('message', e => {
    if (e.source !== frame.contentWindow || e.origin !== origin || !e.data || e.data.guiyan !== 1 || EVENTS.indexOf(e.data.event) < 0) return;
    if (e.data.event === 'ready' && !ready) { ready = true; waiting.forEach(post); }
    el.dispatchEvent(new CustomEvent('guiyan-' + e.data.event, { bubbles: true, composed: true, detail: e.data.detail }));
  });
  root.append(frame);
}
// In the frame: the page around it may call the five calls and is told events, never texts.
function serveFrame(chat) {
  let parentOrigin = null;
  const post = m => parent.postMessage(m, parentOrigin || '*');
  addEventListener('message', e => {
    if (e.source !== parent || !e.data || e.data.guiyan !== 1 || CALLS.indexOf(e.data.call) < 0) return;
    parentOrigin = e.origin; chat[e.data.call](e.data.arg);
  });
  EVENTS.forEach(name => chat.addEventListener('guiyan-' + name, e => post({ guiyan: 1, event: name, detail: e.detail })));
}
const start = GuiyanChat.prototype.connectedCallback;
GuiyanChat.prototype.connectedCallback = function () {
  if (this.getAttribute('mode') === 'iframe') { if (!this.shadowRoot) framed(this); return; }
  if (!this.root && this.hasAttribute('framed') && parent !== window) serveFrame(this);
  start.call(this);
};
if (!customElements.get('guiyan-chat')) customElements.define('guiyan-chat', GuiyanChat);
