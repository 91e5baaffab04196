// Sending and receiving. One loop, `pump`, does everything in order: open or resume, then the queue.
const TALK = {
  async pump() {
    clearTimeout(this.timer);
    if (this.busy || this.halted) { this.more = true; return; }
    this.busy = true;
    const slow = setTimeout(() => { if (!this.loaded) this.note(this.words.loading); }, SLOW_MS);
    try {
      do {
        this.more = false;
        if (!this.loaded) await this.enter();
        for (let item; !this.halted && (item = this.kept.queue[0]);) await this.deliver(item);
      } while (this.more && !this.halted);
      this.fails = 0; clearTimeout(slow); this.note('');
    } catch (error) { this.later(error); }
    clearTimeout(slow); this.thinking(false); this.busy = false;
  },
  later(error) {
    if (!error || !error.retry) {
      if (error && (error.status === 401 || error.status === 404)) { this.startOver(); return; }
      this.note(this.words.failed, true); this.emit('error', { status: error && error.status });
      if (error && !error.status) setTimeout(() => { throw error; });
      return;
    }
    const wait = Math.max(error.after || 0, RETRY_MS[Math.min(this.fails, RETRY_MS.length - 1)]);
    this.fails++;
    this.note(error.busy ? this.words.slow : this.words.offline, true);
    this.timer = setTimeout(() => this.pump(), wait);
  },
  startOver() {
    this.kept.set({ id: null, token: null, code: null });
    this.reset(); this.notice = this.words.gone;
    this.timer = setTimeout(() => this.pump());
  },
  async enter() {
    const mine = this.kept.all, run = this.run;
    if (mine.id) {
      const found = await call(this.server, 'GET', '/v1/conversations/' + mine.id, null, mine.token);
      if (run !== this.run) return;
      this.restore(found); this.county(mine, run);
    } else {
      const made = await call(this.server, 'POST', '/v1/conversations', { language: this.lang, channel: this.getAttribute('channel') || 'widget' });
      if (run !== this.run) return;
      this.kept.set({ id: made.id, token: made.token, code: made.code, told: !made.code, lang: this.lang });
      if (this.notice) { this.log.prepend(h('p', { class: 'notice', text: this.notice })); this.notice = ''; }
      this.greet(); this.show(this.turn(), made);
    }
    this.loaded = true;
    this.emit('ready');
  },
  restore(found) {
    this.log.textContent = '';
    const rows = list(found.messages);
    this.greet();
    const waiting = this.kept.queue;
    rows.forEach(m => {
      if (waiting.some(i => i.id === m.client_message_id) && !m.reply) return;
      if (m.reply) this.kept.drop(m.client_message_id);
      this.show(this.turn(m.text ? { id: m.client_message_id, text: m.text } : null), { reply: m.reply, message: m.message }, true);
    });
    this.kept.queue.forEach(i => this.turn(i));
    this.know(found); this.used();
    if (this.last) this.replies(this.last, rows[rows.length - 1].reply);
    this.log.scrollTop = this.log.scrollHeight;
  },
  // What the county answered to a note, a mark or a handover; no answer is no reason to disturb anybody.
  async county(mine, run) {
    const found = await call(this.server, 'GET', '/v1/conversations/' + mine.id + '/receipts', null, mine.token).catch(() => ({}));
    if (run !== this.run) return;
    list(found.receipts).forEach(r => list(r.replies).forEach(a => {
      this.log.append(h('div', { class: 'turn' }, h('div', { class: 'says county' }, h('p', { class: 'dim', text: this.words.county(r.receipt, a.at.slice(0, 10)) }), h('p', { text: a.text }))));
      this.log.scrollTop = this.log.scrollHeight; this.tell(a.text);
    }));
  },
  async deliver(item) {
    const mine = this.kept.all, run = this.run, node = this.turns[item.id] || this.turn(item);
    const wait = setTimeout(() => this.thinking(true), SLOW_MS);
    try {
      const answer = await call(this.server, 'POST', '/v1/conversations/' + mine.id + '/messages', { text: item.text, client_message_id: item.id }, mine.token);
      this.kept.drop(item.id);
      if (run !== this.run) return;
      this.thinking(false); this.show(node, answer);
      if (answer.deleted) this.ended(); else this.follow(answer.reply.language);
    } catch (error) {
      if (error.retry || !error.status || error.status === 401 || error.status === 404) {
        if (error.retry) this.mark(node, this.words.waiting);
        throw error;
      }
      this.kept.drop(item.id); this.mark(node, this.words.failed);
      this.tell(this.words.failed); if (!this.input.value) this.input.value = item.text;
    } finally { clearTimeout(wait); }
  },
  say(text) {
    text = String(text == null ? '' : text).trim();
    if (!text || this.halted) return null;
    const item = { id: newId(), text };
    this.kept.add(item); this.used(); this.turn(item); this.emit('message', { from: 'person' });
    if (this.fails) this.mark(this.turns[item.id], this.words.waiting);
    this.pump();
    return item.id;
  },
  async correct(facts) {
    const mine = this.kept.all;
    const answer = await call(this.server, 'PATCH', '/v1/conversations/' + mine.id + '/profile', { facts }, mine.token);
    if (answer && answer.reply) { this.used(); this.show(this.turn(), answer); } else this.know(answer || {});
  },
  feedback(node, what, chosen) {
    const w = this.words, mine = this.kept.all;
    node.querySelectorAll('.rate button').forEach(b => this.spend(b, b === chosen));
    call(this.server, 'POST', '/v1/conversations/' + mine.id + '/feedback', { message: node.number, feedback: what }, mine.token).catch(() => {});
    if (what === 'understood') this.tell(w.thanks);
    else if (what === 'unclear') this.say(w.again);
    else { this.note(w.tellWrong, true); this.input.focus(); }
  },
};
