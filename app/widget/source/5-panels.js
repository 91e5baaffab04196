// What opens above the conversation: menu, noted facts, one fact, a card to pass on, deleting.
const PANELS = {
  panel(title, content, role) {
    const w = this.words, from = this.root.activeElement, box = this.box;
    const head = h('h2', { text: title, tabindex: '-1', id: 'panel-title' });
    box.textContent = '';
    box.append(h('div', { class: 'sheet', role: role || 'dialog', 'aria-modal': 'true', 'aria-labelledby': 'panel-title' },
      h('div', { class: 'bar' }, head, button(w.close, () => this.shut(), 'soft')), content));
    if (!this.open_panel) this.before_panel = from;
    this.open_panel = true; box.hidden = false; this.main.inert = true; this.main.setAttribute('aria-hidden', 'true');
    head.focus();
  },
  shut() {
    if (!this.open_panel) return;
    this.open_panel = false; this.box.hidden = true; this.box.textContent = ''; this.main.inert = false; this.main.removeAttribute('aria-hidden');
    const back = this.before_panel;
    (back && back.isConnected ? back : this.input).focus();
  },
  menu() {
    const w = this.words, code = this.kept.all.code;
    const typed = h('input', { type: 'text', 'aria-label': w.codeAsk, placeholder: w.codeAsk, autocomplete: 'off', autocapitalize: 'characters', maxlength: '20' });
    const wrong = h('p', { class: 'mark', role: 'alert' });
    const sizes = w.sizes.map((name, i) => button(name, () => { this.resize(i); this.menu(); }, 'soft', { 'aria-pressed': String(i === this.size) }));
    this.panel(w.menu, [
      h('h3', { text: w.size }), h('div', { class: 'row' }, sizes),
      h('div', { class: 'row' }, button(w.lang, () => { this.shut(); this.setLocale(this.lang === 'zh' ? 'en' : 'zh'); }, 'soft', { lang: this.lang === 'zh' ? 'en' : 'zh-CN' })),
      h('h3', { text: w.code }), code ? h('p', {}, w.codeIs, h('strong', { class: 'code', text: code })) : h('p', { text: w.noCode }),
      h('div', { class: 'row' }, typed, button(w.codeGo, () => this.recover(typed.value).then(ok => { if (!ok) wrong.textContent = w.codeBad; }))), wrong,
      h('div', { class: 'row' }, code && button(w.hand, () => this.handOver()), button(w.erase, () => this.confirmErase())), h('p', { class: 'dim', text: w.hint })]);
  },
  // What an official would see is shown first; only then may the person agree, and they can take it back.
  async handOver(how) {
    const w = this.words, all = this.kept.all;
    const ask = (method, body) => call(this.server, method, '/v1/conversations/' + all.id + '/handover', body, all.token);
    const go = (text, method) => button(text, () => this.handOver(method), 'strong');
    try {
      const agreed = how === 'POST' && await ask(how, { consent: true });
      if (how === 'DELETE') await ask(how);
      const found = agreed || await ask('GET');
      this.panel(w.hand, found.facts.length ? [
        agreed && h('p', { role: 'status' }, w.handCode, h('strong', { class: 'code', text: agreed.code })), paragraphs(found.text),
        h('p', { class: 'dim', text: found.place }), h('ul', {}, found.facts.map(f => h('li', { text: f.said }))),
        h('div', { class: 'row' }, !agreed && go(w.handYes, 'POST'), found.open && go(w.handBack, 'DELETE'))] : h('p', { text: w.none }));
    } catch (error) { this.panel(w.hand, paragraphs(w.later)); }
  },
  async recover(code) {
    try {
      const found = await call(this.server, 'POST', '/v1/conversations/resume', { code: code.trim().toUpperCase() });
      this.kept.set({ id: found.id, token: found.token, code: code.trim().toUpperCase() });
      this.shut(); this.reset(); this.pump();
      return true;
    } catch (error) { return false; }
  },
  confirmErase() {
    const w = this.words;
    this.panel(w.erase, [h('p', { text: w.eraseAsk }), h('div', { class: 'row' }, button(w.eraseYes, () => this.erase(), 'strong'), button(w.cancel, () => this.shut()))], 'alertdialog');
  },
  async erase() {
    const w = this.words, all = this.kept.all;
    try {
      if (all.id) await call(this.server, 'DELETE', '/v1/conversations/' + all.id, null, all.token);
    } catch (error) {
      if (error.retry) { this.panel(w.erase, paragraphs(w.later), 'alertdialog'); return; }
    }
    this.ended();
  },
  ended() {
    const w = this.words;
    this.kept.set({ id: null, token: null, code: null, queue: [] });
    this.shut(); this.reset(); this.halted = true;
    this.log.append(h('div', { class: 'says' }, h('p', { text: w.erased }), button(w.fresh, () => this.clear(), 'strong')));
    this.tell(w.erased); this.emit('deleted');
  },
  factList() {
    const w = this.words;
    this.panel(w.factsTitle, this.facts.length ? h('div', { class: 'chips' }, this.facts.map(f => this.chip(f))) : h('p', { text: w.none }));
  },
  chip(fact, short) {
    const chip = button('', () => chip.getAttribute('aria-disabled') || this.editFact(fact), 'chip', { 'data-fact': fact.fact, 'data-value': JSON.stringify(fact.value) });
    const name = () => { chip.textContent = short && fact.short || this.said(fact); };
    name();
    if (!fact.label && !this.vocabulary) this.learn().then(name, () => {});
    return chip;
  },
  // The vocabulary is asked for once, and only when something of it has to be said.
  learn() {
    const words = this.lang;
    if (!this.learning) {
      this.learning = call(this.server, 'GET', '/v1/facts?language=' + words).then(d => { this.vocabulary = {}; d.facts.forEach(f => { this.vocabulary[f.id] = f; }); });
      this.learning.catch(() => { this.learning = null; });
    }
    return this.learning;
  },
  known(fact) { return (this.vocabulary || {})[fact.fact.split('.')[0]] || { options: [] }; },
  label(fact) {
    const option = this.known(fact).options.find(o => o.value === fact.fact.split('.')[1]);
    return fact.label || [this.known(fact).label || fact.fact, option && option.label].filter(Boolean).join('·');
  },
  // A choice that was made needs no "yes" behind it; a guess is marked as one.
  said(fact) {
    const made = fact.value === true && fact.fact.indexOf('.') > 0, what = this.label(fact);
    return (made ? what : what + (this.lang === 'zh' ? '：' : ': ') + this.value(fact)) + (fact.certainty === 'guessed' ? '？' : '');
  },
  value(fact) {
    const v = fact.value, w = this.words, option = this.known(fact).options.find(o => o.value === v);
    if (fact.text || option) return fact.text || option.label;
    if (Array.isArray(v)) return v.join('–');
    return v === true ? w.yes : v === false ? w.no : String(v);
  },
  editFact(fact) {
    const w = this.words, note = h('p', { class: 'mark', role: 'alert' });
    const put = value => this.correct({ [fact.fact]: value }).then(() => this.shut(), e => { note.textContent = e.retry ? w.later : w.badFact; });
    const draw = missing => {
      const all = this.known(fact), dotted = fact.fact.indexOf('.') > 0, number = typeof fact.value === 'number' || /number|integer|money/.test(all.type);
      let ways;
      if (!this.vocabulary && typeof fact.value === 'string' && !missing) ways = h('p', { class: 'dim', text: w.loading });
      else if (dotted || typeof fact.value === 'boolean') ways = [w.yes, w.no].map((t, i) => button(t, () => put(!i), 'soft', { 'aria-pressed': String(fact.value === !i) }));
      else if (all.options.length) ways = all.options.map(o => button(o.label, () => put(o.value), 'soft', { 'aria-pressed': String(o.value === fact.value) }));
      else {
        const field = h('input', { type: 'text', inputmode: number ? 'decimal' : 'text', 'aria-label': this.label(fact), value: String(fact.value) });
        ways = [field, button(w.save, () => put(number ? Number(field.value.replace(/[,，\s]/g, '')) : field.value.trim()), 'strong')];
      }
      this.panel(this.label(fact), [h('p', { text: w.now + this.value(fact) }), fact.quote ? h('p', { class: 'dim', text: w.said + '“' + fact.quote + '”' }) : null,
        h('div', { class: 'row' }, ways), note, h('div', { class: 'row' }, button(w.remove, () => put(null)), button(w.back, () => this.shut()))]);
    };
    draw();
    const mine = this.box.firstChild, again = missing => { if (this.box.firstChild === mine) draw(missing); };
    if (!this.vocabulary && typeof fact.value === 'string') this.learn().then(() => again(), () => again(true));
  },
  async forward(ids) {
    const w = this.words;
    this.panel(w.forward, paragraphs(w.making));
    try {
      const card = await call(this.server, 'GET', '/m/card.json?ids=' + ids.slice(0, 8).map(encodeURIComponent).join(',') + '&lang=' + this.lang);
      const text = h('textarea', { readOnly: true, rows: 5, 'aria-label': w.copy }), told = h('p', { role: 'status' });
      text.value = card.text;
      const copy = async () => {
        text.select();
        try { await navigator.clipboard.writeText(card.text); } catch (old) { document.execCommand('copy'); }
        told.textContent = w.copied;
      };
      this.panel(w.forward, [h('p', { text: w.hold }), h('img', { class: 'picture', src: picture(card, w), alt: card.text }), text, h('div', { class: 'row' }, button(w.copy, copy, 'strong')), told]);
    } catch (error) { this.panel(w.forward, paragraphs(w.later)); }
  },
};
