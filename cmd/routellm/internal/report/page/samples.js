// The samples of a benchmark: a table of those that the reader chooses, in pages.
const pageSize = 50;
const openers = []; // functions that open a sample by its id, if they have it

// unpack reads what Texts.embed wrote: three lists of texts, or null.
const unpack = async text => {
  const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
};

// readSamples turns the data of a table of samples into lists with one entry per sample.
const readSamples = given => {
  const n = given.rest.length, ids = [];
  for (let i = 0; i < n; i++) ids.push((i ? ids[i - 1].slice(0, given.shared[i]) : '') + given.rest[i]);
  const numbers = text => text === '' ? new Uint32Array(0) : Uint32Array.from(expand(text), x => parseInt(x, 36));
  const values = text => Float64Array.from(numbers(text), v => given.values[v]);
  const order = text => {
    const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
    return given.width === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
  };
  const routers = given.routers.map((r, k) => {
    const first = order(given.orders[k]), rank = new Uint32Array(n);
    first.forEach((sample, place) => { rank[sample] = place; });
    return { ...r, order: first, rank, counts: numbers(r.counts) };
  });
  return { ...given, n, ids, strong: values(given.strong), weak: values(given.weak), tasks: numbers(given.tasks), routers, texts: null, packed: given.texts };
};

const startSamples = (section, given) => {
  const s = readSamples(given), all = Array.from({ length: s.n }, (_, i) => i);
  const form = section.querySelector('form.find'), field = form.elements, said = form.querySelector('.said');
  const table = section.querySelector('table.list'), body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  const pages = section.querySelector('.pages'), job = name => pages.querySelector(`[data-job=${name}]`);
  const scale = s.unit === '%' ? 100 : 1;
  const shown = quality => String(Math.round(quality * scale * 1e6) / 1e6);

  // A router calls the strong model for the samples whose rank is below the number that its threshold lets through.
  const calls = router => router.row < 0 ? 0 : router.counts[points[router.section].at(router.row)] || 0;
  let cut = s.routers.map(calls);
  const decision = (k, i) => s.routers[k].rank[i] < cut[k];

  let chosen = all, page = 0, open = -1;
  let order = { key: 'id', sign: 1 };
  const sets = {}; // samples of the comparisons below, by key

  const tests = {
    all: () => true,
    disagree: i => s.routers.some((_, k) => decision(k, i) !== decision(0, i)),
    strong: i => s.strong[i] > s.weak[i],
    weak: i => s.strong[i] < s.weak[i],
    right: i => s.strong[i] === s.weak[i] && s.strong[i] >= s.right,
    wrong: i => s.strong[i] === s.weak[i] && s.strong[i] < s.right,
    flips: i => sets.flips && sets.flips.has(i),
    changes: i => sets.changes && sets.changes.has(i),
  };
  const keys = {
    id: null,
    task: i => s.names[s.tasks[i]],
    strong: i => s.strong[i],
    weak: i => s.weak[i],
  };
  s.routers.forEach((r, k) => { keys[k] = i => r.rank[i]; });

  let lower = null; // the texts in lower case, made when they are first searched
  const hay = i => {
    if (!lower) lower = [];
    if (lower[i] === undefined) lower[i] = [s.ids[i], s.names[s.tasks[i]], ...(s.texts || []).map(t => t ? t[i] : '')].join('\n').toLowerCase();
    return lower[i];
  };

  const choose = () => {
    const words = field.text.value.toLowerCase().split(/\s+/).filter(Boolean), task = field.task ? field.task.value : '';
    const test = tests[field.show.value];
    chosen = all.filter(i => (task === '' || s.tasks[i] === Number(task)) && test(i) && words.every(word => hay(i).includes(word)));
    const key = keys[order.key];
    if (key) chosen.sort((a, b) => order.sign * (typeof key(a) === 'string' ? key(a).localeCompare(key(b), 'en', { numeric: true }) : key(a) - key(b)) || a - b);
    else if (order.sign < 0) chosen.reverse();
  };
  const lastPage = () => Math.max(0, Math.ceil(chosen.length / pageSize) - 1);

  // Two tables may have equal ids: the addresses of the second begin with #sample2=, and so on.
  const place = openers.length;
  const address = i => `#sample${place ? place + 1 : ''}=` + encodeURIComponent(s.ids[i]);
  const row = i => {
    const link = element('a', { href: address(i) }, s.ids[i] || '(no id)');
    link.setAttribute('aria-expanded', String(i === open));
    link.addEventListener('click', event => {
      if (i !== open || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault(); // a second click closes it
      history.replaceState(null, '', location.pathname + location.search);
      open = -1;
      draw();
    });
    const head = element('th', { scope: 'row' }, link);
    const made = element('tr', { className: i === open ? 'opened' : '' }, head);
    if (s.names.length > 1) made.append(element('td', { className: 'left' }, s.names[s.tasks[i]]));
    made.append(element('td', {}, shown(s.strong[i])), element('td', {}, shown(s.weak[i])));
    s.routers.forEach((_, k) => made.append(element('td', { className: decision(k, i) ? 'strong' : 'weak' }, decision(k, i) ? 'strong' : 'weak')));
    return made;
  };
  const fact = (name, ...value) => element('div', {}, element('dt', {}, name), element('dd', {}, ...value));
  const detail = i => {
    const facts = element('dl', {});
    if (s.texts) {
      const [prompts, strong, weak] = s.texts;
      const text = (name, texts) => texts && facts.append(fact(name, element('pre', {}, texts[i] || '(none)')));
      text('prompt', prompts);
      text(`answer of ${s.strongModel}, quality ${shown(s.strong[i])}`, strong);
      text(`answer of ${s.weakModel}, quality ${shown(s.weak[i])}`, weak);
    }
    s.routers.forEach((r, k) => {
      const from = (100 * (r.rank[i] + 1) / s.n).toFixed(1);
      facts.append(fact(r.name, `calls ${decision(k, i) ? s.strongModel : s.weakModel}; the strong model from ${from} % strong calls on (place ${thousands(r.rank[i] + 1)} of ${thousands(s.n)})`));
    });
    return element('tr', { className: 'detail' }, element('td', { colSpan: heads.length }, facts));
  };
  const draw = () => {
    page = clamp(page, 0, lastPage());
    const rows = [];
    for (const i of chosen.slice(page * pageSize, (page + 1) * pageSize)) {
      rows.push(row(i));
      if (i === open) rows.push(detail(i));
    }
    const focused = body.contains(document.activeElement) ? document.activeElement.hash : '';
    body.replaceChildren(...rows);
    if (focused) [...body.querySelectorAll('th a')].find(link => link.hash === focused)?.focus({ preventScroll: true });
    const first = page * pageSize + 1, end = Math.min(chosen.length, (page + 1) * pageSize);
    pages.querySelector('.page').textContent = chosen.length ? `${thousands(first)} to ${thousands(end)} of ${thousands(chosen.length)}` : 'none';
    for (const [name, off] of [['first', page === 0], ['previous', page === 0], ['next', page === lastPage()], ['last', page === lastPage()]]) job(name).disabled = off;
    job('csv').disabled = chosen.length === 0;
  };
  const show = () => {
    choose();
    said.textContent = `${plural(chosen.length, 'sample')} of ${thousands(s.n)}`;
    page = 0;
    draw();
  };

  for (const [name, go] of Object.entries({ first: () => 0, previous: () => page - 1, next: () => page + 1, last: lastPage })) {
    job(name).addEventListener('click', () => { page = go(); draw(); });
  }
  for (const head of heads) {
    sortableHead(head, down => {
      order = { key: head.dataset.k, sign: down ? -1 : 1 };
      show();
    });
  }
  let waiting = 0;
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 120); // after the last key
  });
  still(form);

  job('csv').addEventListener('click', () => {
    const head = ['sample_id', 'task', `quality:${s.strongModel}`, `quality:${s.weakModel}`, ...s.routers.map(r => `decision:${r.name}`), ...s.routers.map(r => `rank:${r.name}`)];
    const texts = (s.texts || []).map((t, k) => ({ t, name: ['prompt', `answer:${s.strongModel}`, `answer:${s.weakModel}`][k] })).filter(x => x.t);
    saveCSV(section.querySelector('h2').textContent, [[...head, ...texts.map(x => x.name)], ...chosen.map(i => [
      s.ids[i], s.names[s.tasks[i]], s.strong[i], s.weak[i], ...s.routers.map((_, k) => decision(k, i) ? 'strong' : 'weak'), ...s.routers.map(r => r.rank[i] + 1), ...texts.map(x => x.t[i]),
    ])]);
  });

  // An address that ends in #sample=ID opens that sample, of the first table that has it.
  const byId = new Map(s.ids.map((id, i) => [id, i]));
  openers.push((id, block) => {
    if (!byId.has(id)) return false;
    open = byId.get(id);
    if (!chosen.includes(open)) {
      form.reset();
      choose();
      said.textContent = `${plural(chosen.length, 'sample')} of ${thousands(s.n)}`;
    }
    page = Math.floor(chosen.indexOf(open) / pageSize);
    draw();
    const link = body.querySelector('tr.opened a');
    link.scrollIntoView({ block });
    link.focus({ preventScroll: true });
    return true;
  });

  const view = {
    ...s, name: k => s.routers[k].name,
    // use gives the table the samples of a comparison; at once shows them.
    use: (key, samples, atOnce) => {
      sets[key] = new Set(samples);
      if (atOnce) field.show.value = key;
      if (field.show.value === key) show();
      if (atOnce) table.scrollIntoView({ block: 'start' });
    },
  };
  for (const id of new Set(s.routers.map(r => r.section))) {
    points[id]?.watch(() => {
      cut = s.routers.map(calls);
      if (field.show.value === 'disagree') show(); else draw();
    });
  }
  show();
  if (s.packed) {
    unpack(s.packed).then(texts => {
      s.texts = texts;
      lower = null;
      draw();
    }, () => section.querySelector('.held').textContent = 'This browser cannot unpack the texts in this page.');
  }
  return view;
};

// openSample opens the sample that the page's address names.
const openSample = event => {
  const found = location.hash.match(/^#sample(\d*)=(.*)$/);
  if (!found) return;
  let id = found[2];
  try { id = decodeURIComponent(id); } catch { /* it is used as it stands */ }
  const asked = found[1] ? openers.slice(found[1] - 1, found[1]) : openers;
  if (asked.some(opener => opener(id, event ? 'nearest' : 'center'))) return; // a click on an id does not move the page
  const said = document.querySelector('form.find .said');
  if (!said) return;
  said.textContent = `No sample here has the id ${id}.`;
  said.scrollIntoView({ block: 'center' });
};
