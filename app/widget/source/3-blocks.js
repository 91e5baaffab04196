// An answer's blocks as elements. `chat` does what their buttons ask.
const BLOCKS = {
  text: b => paragraphs(b.text),
  question: b => [h('div', { class: 'ask', 'data-fact': b.fact }, paragraphs(b.text), b.why && b.text.indexOf(b.why) < 0 ? h('p', { class: 'dim', text: b.why }) : null)],
  citation: (b, w) => [h('p', { class: 'dim' }, w.cite + '：', cited(b.citation || b))],
  contact: (b, w) => [h('p', { class: 'contact' }, said(b.text || b.name) + ' ', phone(b.number || b.phone))],
  correction: (b, w) => !b.verdict ? paragraphs(b.text) : [h('div', { class: 'card' },
    b.quote ? h('p', { class: 'dim', text: '“' + b.quote + '”' }) : null, h('p', { class: 'mark', text: w.hearsay[b.verdict] || '' }),
    paragraphs(b.correction || b.text), list(b.citations).map(c => h('p', { class: 'dim' }, w.cite + '：', cited(c))))],
  summary: (b, w, chat) => {
    const facts = list(b.facts).filter(f => f.fact), items = facts.length && b.of !== 'standing' ? [] : list(b.items), ids = items.map(i => i.id).filter(Boolean);
    const chips = facts.length ? h('div', { class: 'chips new' }, h('span', { class: 'dim', text: w.noted }), facts.map(f => chat.chip(f, true))) : null;
    if (b.of === 'understood') return [chips];
    const rows = all => all.length ? h('ul', {}, all.map(i => h('li', {}, i.id ? [h('a', { href: chat.page(i.id), 'data-measure': i.id, target: '_blank', rel: 'noopener', text: i.name }), i.amount ? h('p', { text: said(i.amount) }) : null] : [said(i.label || i), said(i.value)].filter(Boolean).join('：')))) : null;
    return [h('div', { class: 'card' }, b.title ? h('h2', { text: b.title }) : null, paragraphs(b.text), rows(items),
      list(b.unknown).length ? [h('p', { class: 'dim', text: w.maybe }), rows(b.unknown)] : null, chips, ids.length ? button(w.forward, () => chat.forward(ids)) : null)];
  },
  measure_card: (b, w, chat, only) => {
    const id = b.measure || b.id, unsure = b.unconfirmed || b.confirmed === false;
    const row = (name, what) => {
      const all = list(what).map(said).filter(Boolean);
      return all.length ? [h('dt', { text: name }), all.map(t => h('dd', { text: t }))] : [];
    };
    const ways = list(b.phone).map(said).filter(Boolean);
    return [h('article', { class: 'card', part: 'card', 'data-measure': id }, h('h2', { text: b.name }),
      b.amount ? h('p', { class: 'amount', text: said(b.amount) }) : paragraphs(b.text),
      unsure ? h('p', { class: 'mark', text: typeof unsure === 'string' ? unsure : w.unsure }) : null,
      row(w.why, b.why).length ? h('dl', {}, row(w.why, b.why)) : null,
      h('details', { open: !!only }, h('summary', { text: w.how }), b.amount ? paragraphs(b.text) : null, h('dl', {}, row(w.bring, b.bring), row(w.where, b.where),
        ways.length ? [h('dt', { text: w.phone }), ways.map(n => h('dd', {}, phone(n)))] : null, row(w.until, b.valid_until),
        b.citation ? [h('dt', { text: w.source }), list(b.citation).map(c => h('dd', {}, cited(c)))] : null)),
      h('div', { class: 'row' }, h('a', { class: 'soft', href: chat.page(id), target: '_blank', rel: 'noopener', text: w.more }),
        button(w.forward, () => chat.forward([id]))))];
  },
};
function phone(number) {
  const digits = String(number || '').replace(/[^\d+]/g, '');
  return digits ? h('a', { class: 'tel', href: 'tel:' + digits, text: number }) : '';
}
function cited(c) {
  if (typeof c === 'string') return c;
  const text = ['《' + (c.title || c.document || '') + '》', c.number, c.clause].filter(Boolean).join(' ');
  return safe(c.url) ? h('a', { href: c.url, target: '_blank', rel: 'noopener', text }) : text;
}
function blocks(reply, w, chat) {
  const known = list(reply.blocks).filter(b => BLOCKS[b.kind] || b.text);
  if (!known.length) return paragraphs(reply.text);
  const only = known.filter(b => b.kind === 'measure_card').length === 1;
  return [].concat(...known.map(b => (BLOCKS[b.kind] || BLOCKS.text)(b, w, chat, only)));
}
