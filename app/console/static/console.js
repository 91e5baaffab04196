/* The console's few own words to the browser: shortcut keys, focus after a swap, printing. Everything else is htmx. */
(function () {
  'use strict';
  const seen = e => e && e.offsetParent !== null && !e.disabled;
  const press = e => { if (e.matches('input, select, textarea')) { e.focus(); if (e.select) e.select(); } else { e.focus(); e.click(); } };

  /* data-key="alt+1": pressed from anywhere on the page. */
  document.addEventListener('keydown', event => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const sign = event.code.replace(/^(Key|Digit|Numpad)/, '').toLowerCase();
    const wanted = [...document.querySelectorAll('[data-key="alt+' + sign + '"]')].find(seen);
    if (wanted) { event.preventDefault(); press(wanted); }
  });

  /* A line that was taken in makes room for the next (data-reset). */
  document.addEventListener('htmx:after:request', event => {
    const from = event.target.closest && event.target.closest('form[data-reset]');
    if (from) from.reset();
  });

  /* After a swap: focus goes where the server says (data-focus), what changed is spoken (data-say). */
  document.addEventListener('htmx:after:swap', () => {
    const to = document.querySelector('[data-focus]');
    if (to) { to.removeAttribute('data-focus'); to.focus(); if (to.select) to.select(); }
    const says = document.querySelector('[data-say]'), spoken = document.getElementById('spoken');
    if (says && spoken && spoken.textContent !== says.dataset.say) spoken.textContent = says.dataset.say;
  });

  /* A file over the limit (data-most, in bytes) is told before it is sent; a form that takes long (data-once) is sent once. */
  document.addEventListener('change', event => {
    const most = Number(event.target.dataset && event.target.dataset.most), file = most && event.target.files[0];
    if (!most) return;
    event.target.setCustomValidity(file && file.size > most ? event.target.dataset.mostSays : '');
    event.target.reportValidity();
  });
  const sending = (form, busy) => form.querySelectorAll('button[type=submit]').forEach(b => { b.disabled = busy; b.setAttribute('aria-busy', busy); });
  document.addEventListener('submit', event => { if (event.target.matches('form[data-once]')) sending(event.target, true); });
  window.addEventListener('pageshow', () => document.querySelectorAll('form[data-once]').forEach(form => sending(form, false)));

  document.addEventListener('click', event => { if (event.target.closest('[data-print]')) window.print(); });
  if (document.querySelector('[data-print-now]')) window.addEventListener('load', () => window.print());
})();
