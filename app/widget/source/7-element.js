class GuiyanChat extends HTMLElement {
  static get observedAttributes() { return ['lang']; }

  connectedCallback() {
    if (this.root) { this.pump(); return; }
    this.server = (this.getAttribute('server') || HOME).replace(/\/$/, '');
    this.kept = new Kept('guiyan:' + this.server);
    this.lang = this.kept.all.lang || (/^en/i.test(this.getAttribute('lang') || '') ? 'en' : 'zh');
    this.whole = this.getAttribute('mode') === 'page';
    this.fails = this.unseen = this.run = 0; this.facts = []; this.turns = {};
    this.root = this.attachShadow({ mode: 'open' });
    this.dress(); this.build(); this.resize(this.kept.all.size || 0);
    addEventListener('online', () => { this.fails = 0; this.pump(); });
    addEventListener('offline', () => this.note(this.words.offline, true));
    if (this.whole || this.hasAttribute('open')) this.open(true);
    else if (this.kept.queue.length) this.pump();
  }
  get words() { return WORDS[this.lang]; }

  // A constructed sheet passes any policy; where there is none, our own pages' policy names the hash of these very rules.
  dress() {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE); this.root.adoptedStyleSheets = [sheet];
    } catch (old) { this.root.append(h('style', { text: STYLE })); }
  }
  build() {
    const w = this.words;
    this.live = this.live || h('div', { class: 'hide', role: 'status', 'aria-live': 'polite' });
    this.badge = h('span', { class: 'badge', hidden: true });
    this.launcher = button('', () => this.open(), 'launch', { part: 'launcher' });
    this.launcher.append(w.open, this.badge);
    const talk = window.SpeechRecognition || window.webkitSpeechRecognition;
    this.log = h('div', { class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': w.log, tabindex: '0' });
    this.status = h('p', { class: 'status', hidden: true });
    this.strip = h('div', { class: 'strip', hidden: true });
    this.input = h('textarea', { rows: 1, 'aria-label': w.input, placeholder: w.input, maxlength: '4000', enterkeyhint: 'send' });
    this.input.addEventListener('input', () => this.grow());
    this.input.addEventListener('keydown', e => {
      if (e.key !== 'Enter' || e.shiftKey || e.isComposing || e.keyCode === 229) return;
      e.preventDefault(); this.submit();
    });
    this.main = h('div', { class: 'main' },
      h('div', { class: 'bar' }, h('div', {}, h('h1', { text: w.name }), h('p', { class: 'dim', text: w.sub })),
        button(w.menu, () => this.menu()), this.whole ? null : button(w.close, () => this.close())),
      this.log, this.status, this.strip,
      h('div', { class: 'write' }, talk ? button(w.mic, () => this.listen(talk), 'soft') : null, this.input, button(w.send, () => this.submit(), 'strong')));
    this.box = h('div', { class: 'over', hidden: true });
    this.frame = h(this.whole ? 'main' : 'section', { class: 'frame' + (this.whole ? ' page' : ''), 'aria-label': w.name, part: 'window', lang: this.lang === 'zh' ? 'zh-CN' : 'en', hidden: true }, this.main, this.box);
    this.frame.addEventListener('keydown', e => {
      if (e.key === 'Escape') { if (this.open_panel) this.shut(); else if (!this.whole) this.close(); }
      if (e.key === 'Tab' && this.open_panel) this.trap(e);
    });
    [...this.root.children].forEach(c => { if (c !== this.live && c.tagName !== 'STYLE') c.remove(); });
    this.root.prepend(this.launcher, this.frame);
    if (!this.live.isConnected) this.root.append(this.live);
    this.launcher.hidden = this.whole;
  }
  trap(e) {
    const stops = this.box.querySelectorAll('button, a, input, textarea'), first = stops[0], last = stops[stops.length - 1], at = this.root.activeElement;
    if (e.shiftKey && (at === first || at.tagName === 'H2')) { e.preventDefault(); last.focus(); }
    else if (!e.shiftKey && at === last) { e.preventDefault(); first.focus(); }
  }

  // What the page that holds the chat may call.
  open(quiet) {
    this.frame.hidden = false; this.launcher.hidden = true; this.unseen = 0; this.badge.hidden = true;
    if (quiet !== true) this.input.focus();
    this.pump(); this.emit('open');
  }
  close() {
    if (this.whole) return;
    this.shut(); this.frame.hidden = true; this.launcher.hidden = false; this.launcher.focus(); this.emit('close');
  }
  send(text) { return this.say(text); }
  setLocale(lang) {
    const spoken = this.log.querySelector('.said');
    if (!this.turnTo(lang)) return;
    if (spoken) this.say(this.words.speak);
    else { this.kept.set({ id: null, token: null, code: null }); this.pump(); }
  }
  // The person asked for the other language in words, and the answer came in it.
  follow(lang) { if (lang && this.turnTo(lang)) this.pump(); }
  turnTo(lang) {
    lang = /^en/i.test(lang) ? 'en' : 'zh';
    if (lang === this.lang) return false;
    const shown = !this.frame.hidden;
    this.lang = lang; this.kept.set({ lang }); this.vocabulary = this.learning = null;
    this.build(); this.frame.hidden = !shown; this.launcher.hidden = this.whole || shown; this.reset();
    return true;
  }
  clear() { this.kept.set({ id: null, token: null, code: null, queue: [] }); this.reset(); this.pump(); }
  attributeChangedCallback(name, old, now) { if (this.root && old !== now) this.setLocale(now || 'zh'); }
  emit(name, detail) { this.dispatchEvent(new CustomEvent('guiyan-' + name, { bubbles: true, composed: true, detail: detail || {} })); }

  reset() {
    this.run++; this.loaded = this.halted = false; this.facts = []; this.turns = {}; this.last = null; this.fails = 0;
    this.log.textContent = ''; this.know({ profile: { facts: [] } }); this.note('');
  }
  resize(i) { this.size = i; this.frame.dataset.size = i; this.kept.set({ size: i }); this.grow(); }
  grow() { const t = this.input; t.style.height = ''; if (t.value) t.style.height = Math.min(t.scrollHeight + 2, 150) + 'px'; }
  submit() { if (this.say(this.input.value)) { this.input.value = ''; this.grow(); } }
  tell(text) { this.live.textContent = ''; setTimeout(() => { this.live.textContent = text; }, 60); }
  note(text, aloud) {
    if (this.status.textContent === text) return;
    this.status.textContent = text; this.status.hidden = !text;
    if (text && aloud) this.tell(text);
  }
  thinking(on) {
    if (this.dots) { this.dots.remove(); this.dots = null; }
    if (on) { this.dots = h('p', { class: 'says dim typing', text: this.words.typing }); this.log.append(this.dots); this.dots.scrollIntoView && (this.log.scrollTop = this.log.scrollHeight); }
  }

  // A turn holds what the person said (or nothing) and the answer, so an answer stays with what it answers.
  turn(item) {
    const node = h('div', { class: 'turn' });
    if (item) {
      node.append(h('div', { class: 'said' }, h('span', { class: 'hide', text: this.words.you + '：' }), h('span', { text: item.text })));
      this.turns[item.id] = node;
    }
    this.log.append(node); this.log.scrollTop = this.log.scrollHeight;
    return node;
  }
  page(id) { return this.server + '/m/' + encodeURIComponent(id) + '?lang=' + this.lang; }
  greet() { this.log.append(h('p', { class: 'dim hint', text: this.words.hint })); }
  mark(node, text) {
    let m = node.querySelector('.sent');
    if (!m) { m = h('p', { class: 'sent dim' }); node.append(m); }
    if (m.textContent !== text) { m.textContent = text; this.log.scrollTop = this.log.scrollHeight; }
  }
  show(node, answer, old) {
    const w = this.words, reply = answer && answer.reply, mark = node.querySelector('.sent');
    if (mark) mark.remove();
    if (!reply) return;
    const before = this.facts, says = h('div', { class: 'says', part: 'answer' }, h('span', { class: 'hide', text: w.me + '：' }), blocks(reply, w, this));
    node.number = answer.message != null ? answer.message : this.log.querySelectorAll('.said').length;
    node.append(says); this.last = node;
    this.know(answer);
    const fresh = old || !answer.profile || says.querySelector('.chip') ? [] : this.facts.filter(f => !before.some(b => b.fact === f.fact && JSON.stringify(b.value) === JSON.stringify(f.value)));
    if (fresh.length) says.firstChild.after(h('div', { class: 'chips new' }, h('span', { class: 'dim', text: w.noted }), fresh.map(f => this.chip(f, true))));
    if (!old) this.replies(node, reply);
    node.append(this.tail(node, reply));
    const mine = this.kept.all;
    if (!old && mine.code && !mine.told && node.querySelector('.said')) {
      this.kept.set({ told: true });
      node.append(h('p', { class: 'dim keep', text: w.codeKeep(mine.code) }));
    }
    if (old) return;
    this.log.scrollTop = Math.max(0, node.offsetTop - this.log.offsetTop - 8);
    this.tell(reply.text || says.innerText);
    if (this.frame.hidden) { this.unseen++; this.badge.textContent = w.unread(this.unseen); this.badge.hidden = false; }
    this.emit('message', { from: 'guiyan', asking: reply.asking || null });
  }
  tail(node, reply) {
    const w = this.words, row = h('div', { class: 'row rate' });
    if (node.querySelector('.said')) [['understood', w.good], ['unclear', w.unclear], ['wrong', w.wrong]].forEach(f => {
      const b = button(f[1], () => b.getAttribute('aria-disabled') || this.feedback(node, f[0], b), 'plain');
      row.append(b);
    });
    if (window.speechSynthesis && this.voice()) { const b = button(w.read, () => this.read(reply.text, b), 'plain'); row.append(b); }
    return row;
  }
  replies(node, reply) {
    const quick = list(reply && reply.quick_replies);
    if (!quick.length) return;
    node.insertBefore(h('div', { class: 'row quick' }, quick.map(q => {
      const b = button(q.label, () => { if (!b.getAttribute('aria-disabled')) { this.spend(b, true); this.say(q.text || q.label); } });
      return b;
    })), node.querySelector('.rate'));
  }
  spend(b, chosen) {
    if (b.getAttribute('aria-disabled')) return;
    b.setAttribute('aria-disabled', 'true'); b.setAttribute('tabindex', '-1');
    if (chosen) { b.classList.add('chosen'); b.append(h('span', { class: 'hide', text: this.words.chosen })); }
  }
  used() { this.log.querySelectorAll('.quick button').forEach(b => this.spend(b)); }
  know(answer) {
    const w = this.words;
    if (answer.profile) this.facts = list(answer.profile.facts);
    const left = answer.questions_left;
    this.log.querySelectorAll('.chip').forEach(c => {
      if (!this.facts.some(f => f.fact === c.dataset.fact && JSON.stringify(f.value) === c.dataset.value)) this.spend(c);
    });
    this.strip.textContent = '';
    if (this.facts.length) this.strip.append(button(w.facts(this.facts.length), () => this.factList(), 'plain'));
    if (left > 0) this.strip.append(h('span', { class: 'dim', text: w.left(left) }));
    this.strip.hidden = !this.strip.firstChild;
  }

  voice() { return speechSynthesis.getVoices().find(v => (this.lang === 'zh' ? /^(zh|cmn)/i : /^en/i).test(v.lang)); }
  read(text, b) {
    const w = this.words, going = b.textContent === w.stop, rest = () => { b.textContent = w.read; };
    speechSynthesis.cancel(); rest();
    if (going) return;
    const u = new SpeechSynthesisUtterance(text);
    u.voice = this.voice(); u.lang = u.voice.lang; u.rate = 0.9; u.onend = u.onerror = rest;
    b.textContent = w.stop; speechSynthesis.speak(u);
  }
  listen(Talk) {
    const w = this.words;
    this.panel(w.mic, [h('p', { text: w.micAsk }), h('div', { class: 'row' }, button(w.micYes, () => {
      const ear = new Talk();
      this.shut(); ear.lang = this.lang === 'zh' ? 'zh-CN' : 'en-US'; this.note(w.listening, true);
      ear.onresult = e => { this.input.value += e.results[0][0].transcript; this.grow(); this.note(''); };
      ear.onerror = () => this.note(w.micBad, true);
      ear.start();
    }, 'strong'), button(w.micNo, () => this.shut()))]);
  }
}
Object.assign(GuiyanChat.prototype, PANELS, TALK);
