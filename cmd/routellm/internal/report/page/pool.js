// The operating point of a pool is one of its budgets.
const startPool = (section, pool) => {
  const routers = pool.routers.map(r => ({ ...Object.fromEntries(Object.entries(r).filter(([k]) => k !== 'calls').map(([k, v]) => [k, column(v)])), calls: r.calls.map(expand) }));
  const form = section.querySelector('form.controls'), field = form.elements;
  const rows = [...section.querySelectorAll('.points tbody tr')];
  const names = rows.map(row => row.cells[0].textContent);
  const said = form.querySelector('.said'), last = pool.texts.length - 1;
  const text = (i, k, at) => routers[i][k] ? routers[i][k][at] : '-';
  const mix = (i, at) => routers[i].calls.map((c, m) => ({ share: parseFloat(c[at]), text: `${pool.models[m]} ${c[at]} %` }))
    .filter(m => m.share > 0).sort((a, b) => b.share - a.share).map(m => m.text).join(', ') || '-';
  const titleOf = at => `${pool.texts[at]} ${pool.unit}`;
  let position = last >> 1;

  const show = () => {
    field.budget.value = position;
    field.budget.setAttribute('aria-valuetext', titleOf(position));
    field.shown.value = titleOf(position);
    section.querySelector('.point').textContent = titleOf(position);
    rows.forEach((row, i) => {
      for (const cell of row.querySelectorAll('td')) cell.textContent = cell.dataset.k === 'calls' ? mix(i, position) : text(i, cell.dataset.k, position);
    });
    const lead = Number(field.router.value);
    field.quality.value = parseFloat(text(lead, 'quality', position));
    field.usd.value = parseFloat(pool.texts[position]);
    chart.move(position);
  };
  const set = to => {
    position = Math.max(0, Math.min(last, to));
    said.textContent = '';
    show();
  };
  field.budget.addEventListener('input', () => set(Number(field.budget.value)));
  field.router.addEventListener('change', show);
  field.quality.addEventListener('change', () => {
    const wanted = parseFloat(field.quality.value), lead = Number(field.router.value);
    if (Number.isNaN(wanted)) return;
    const at = pool.texts.findIndex((_, i) => parseFloat(text(lead, 'quality', i)) >= wanted);
    if (at < 0) said.textContent = `${names[lead]} never reaches a quality of ${wanted} within these budgets.`;
    else set(at);
  });
  field.usd.addEventListener('change', () => {
    const wanted = parseFloat(field.usd.value);
    if (Number.isNaN(wanted)) return;
    const at = pool.texts.findLastIndex(t => parseFloat(t) <= wanted);
    if (at < 0) said.textContent = `No budget is as small as ${wanted}: the smallest is ${titleOf(0)}.`;
    else set(at);
  });
  still(form);
  const chart = startChart(section, {
    count: last + 1, x: at => pool.x[at], title: titleOf, valueNow: at => parseFloat(pool.texts[at]),
    values: at => routers.map((r, i) => ({ name: names[i], text: text(i, 'quality', at) })).filter(v => v.text !== '-'),
  }, () => position, set);
  show();
};
