// Draws a card on a canvas: all of it readable without following its link. Answers an address for an <img>.
function picture(card, w) {
  const W = 720, PAD = 40, canvas = h('canvas'), pen = canvas.getContext('2d');
  const font = (px, bold) => (bold ? 'bold ' : '') + px + 'px -apple-system, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
  const lines = [];
  const put = (text, px, color, bold, gap) => {
    pen.font = font(px, bold);
    let line = '';
    const parts = String(text || '').match(/[A-Za-z0-9.,%()\/:?&=_~-]+\s?|[\s\S]/gu) || [];
    const out = () => { lines.push({ line, px, color, bold, y: 0, h: px * 1.5 }); line = ''; };
    parts.forEach(part => (pen.measureText(part).width > W - 2 * PAD ? Array.from(part) : [part]).forEach(bit => {
      if (line && pen.measureText(line + bit).width > W - 2 * PAD && !/^[，。；：、！？）”]/.test(bit)) out();
      line += bit;
    }));
    if (line) out();
    if (lines.length) lines[lines.length - 1].h += gap || 0;
  };
  put(card.title, 42, '#8a3a20', true, 12);
  card.amounts.forEach(t => put(t, 34, '#2b2521', true, 6));
  card.lines.forEach(t => put(t, 28, '#2b2521', false, 10));
  if (card.unsure) put(card.unsure, 28, '#8a3a20', true, 10);
  card.notes.forEach(t => put(t, 24, '#5d544c', false, 6));
  const text = lines.reduce((sum, l) => sum + l.h, 0), n = card.qr.length, dot = Math.max(4, Math.floor(200 / (n + 8))), quiet = 4 * dot, side = n * dot + 2 * quiet;
  canvas.width = W; canvas.height = Math.ceil(PAD + text + 20 + side + PAD);
  pen.fillStyle = '#fffaf2'; pen.fillRect(0, 0, W, canvas.height);
  pen.fillStyle = '#8a3a20'; pen.fillRect(0, 0, W, 12);
  pen.textBaseline = 'top';
  let y = PAD;
  lines.forEach(l => { pen.font = font(l.px, l.bold); pen.fillStyle = l.color; pen.fillText(l.line, PAD, y); y += l.h; });
  y += 20;
  pen.fillStyle = '#fff'; pen.fillRect(PAD, y, side, side);
  pen.fillStyle = '#000';
  card.qr.forEach((row, i) => Array.from(row).forEach((bit, j) => { if (bit === '1') pen.fillRect(PAD + quiet + j * dot, y + quiet + i * dot, dot, dot); }));
  const x = PAD + side + 24;
  [[w.name, 36, '#8a3a20'], [card.scan, 24, '#2b2521'], [card.made, 24, '#5d544c']].forEach((t, i) => { pen.font = font(t[1], !i); pen.fillStyle = t[2]; pen.fillText(t[0], x, y + quiet + i * 50, W - PAD - x); });
  return canvas.toDataURL('image/png');
}
