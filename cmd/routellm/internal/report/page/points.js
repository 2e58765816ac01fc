// The operating point of a benchmark is a position of the slider, in tenths of a per cent.
const startPoints = (section, points) => {
  const routers = points.routers.map(r => Object.fromEntries(Object.entries(r).map(([k, v]) => [k, column(v)])));
  const form = section.querySelector('form.controls'), field = form.elements;
  const rows = [...section.querySelectorAll('.points tbody tr')];
  const names = rows.map(row => row.cells[0].textContent);
  const said = form.querySelector('.said');
  let positions = routers.map(() => 500), budget = NaN; // a position per router; the budget that chose them, if any
  const lead = () => Math.max(0, routers.indexOf(routers[field.router.value])); // the router that the sliders follow

  // Prices that the reader gives stand before measured costs. Amounts are USD per 1,000 prompts.
  const measured = points.price && points.price.measured ? points.price : null;
  const given = () => {
    const p = { strong: parseFloat(field.strong.value), weak: parseFloat(field.weak.value) };
    if (!(p.strong >= 0 && p.weak >= 0)) return null;
    const digits = Math.max(0, Math.min(9, 3 - Math.floor(Math.log10(Math.max(p.strong, p.weak)) + 1e-9)));
    return { ...p, decimals: Number.isFinite(digits) ? digits : 2 };
  };
  const price = () => given() || measured;
  const amount = usd => usd.toFixed(price().decimals);
  const mixed = percent => (given().strong * percent + given().weak * (100 - percent)) / 100;
  const costAt = (i, at) => given() ? mixed(parseFloat(routers[i].calls[at])) : measured && routers[i].usd ? parseFloat(routers[i].usd[at]) : NaN;
  const half = () => 0.5 * 10 ** -price().decimals; // amounts are shown rounded
  const cells = {
    cost: (i, at) => Number.isNaN(costAt(i, at)) ? '' : amount(costAt(i, at)),
    saved: (i, at) => Number.isNaN(costAt(i, at)) ? '' : amount(price().strong - costAt(i, at)),
    costs: (i, at) => given() && routers[i].future ? routers[i].future[at].split(' to ').map(c => amount(mixed(parseFloat(c)))).join(' to ') : '',
  };

  const showBudget = () => {
    const p = price();
    form.querySelector('.budget').hidden = field.cost.parentElement.hidden = !p;
    for (const cell of section.querySelectorAll('.points [data-k^=cost], .points [data-k=saved]')) cell.hidden = !p || cell.dataset.k === 'costs' && !given();
    if (!p) return;
    const low = Math.min(p.strong, p.weak), high = Math.max(p.strong, p.weak);
    const usd = Number.isNaN(budget) ? costAt(lead(), positions[lead()]) : budget;
    field.budget.value = 1000 * (usd - low) / (high - low || 1);
    field.spent.value = amount(usd) + ' USD per 1,000 prompts';
    field.budget.setAttribute('aria-valuetext', field.spent.value);
  };
  const show = () => {
    const share = (positions[lead()] / 10).toFixed(1);
    field.share.value = positions[lead()];
    field.share.setAttribute('aria-valuetext', share + ' % strong calls');
    field.shown.value = share + ' %';
    showBudget();
    section.querySelector('.point').textContent = Number.isNaN(budget) ? `Every router at its threshold for ${share} % strong calls`
      : `Every router at its threshold with the most strong calls within ${field.spent.value}`;
    rows.forEach((row, i) => {
      for (const cell of row.querySelectorAll('td')) {
        const k = cell.dataset.k, at = positions[i];
        cell.textContent = (k in cells ? cells[k](i, at) : routers[i][k] && routers[i][k][at]) || '-';
      }
    });
    const r = routers[field.router.value];
    if (r) {
      const at = positions[lead()];
      field.threshold.value = r.threshold[at] === 'never' ? '' : r.threshold[at];
      field.quality.value = r.quality[at];
      field.cost.value = cells.cost(lead(), at);
    }
    chart.move(positions[lead()]);
  };
  const set = to => {
    positions = routers.map(() => Math.max(0, Math.min(1000, to)));
    budget = NaN;
    said.textContent = '';
    show();
  };
  const say = text => { said.textContent = text; };

  const find = (test, otherwise) => {
    const at = routers[field.router.value].quality.findIndex((_, i) => test(i));
    if (at < 0) return say(otherwise);
    set(at);
  };
  field.share.addEventListener('input', () => set(Number(field.share.value)));
  field.router.addEventListener('change', show);
  // Move to the share of strong calls that the threshold at a position really gives.
  const settle = at => set(Math.round(10 * parseFloat(routers[field.router.value].calls[at])));
  field.threshold.addEventListener('change', () => {
    const score = text => text === 'never' ? Infinity : parseFloat(text);
    const wanted = parseFloat(field.threshold.value);
    if (Number.isNaN(wanted)) return;
    settle(routers[field.router.value].threshold.findLastIndex((t, i) => i === 0 || score(t) >= wanted));
  });
  field.quality.addEventListener('change', () => {
    const wanted = parseFloat(field.quality.value);
    if (Number.isNaN(wanted)) return;
    find(i => parseFloat(routers[field.router.value].quality[i]) >= wanted, names[field.router.value] + ' never reaches a quality of ' + wanted + '.');
  });
  // within returns the last position of a router that costs at most an amount, -1 for none.
  const within = (i, usd) => routers[i].calls.findLastIndex((_, at) => costAt(i, at) <= usd + half());
  field.cost.addEventListener('change', () => {
    const wanted = parseFloat(field.cost.value);
    if (Number.isNaN(wanted) || !price()) return;
    const at = within(lead(), wanted);
    if (at < 0) return say(names[field.router.value] + ' never costs as little as ' + wanted + '.');
    settle(at);
  });
  field.budget.addEventListener('input', () => {
    const p = price(), low = Math.min(p.strong, p.weak), high = Math.max(p.strong, p.weak);
    const usd = low + (high - low) * field.budget.value / 1000;
    positions = routers.map((_, i) => Math.max(0, within(i, usd)));
    budget = usd;
    said.textContent = '';
    show();
  });
  if (points.price && !measured) {
    field.strong.value = points.price.strong;
    field.weak.value = points.price.weak;
  }
  for (const input of [field.strong, field.weak]) {
    input.addEventListener('input', () => {
      budget = NaN;
      show();
    });
  }
  form.addEventListener('submit', event => event.preventDefault());

  const chart = startChart(section, {
    count: 1001, x: at => at / 1000, title: at => (at / 10).toFixed(1) + ' % strong calls', valueNow: at => at / 10,
    values: at => routers.map((r, i) => ({ name: names[i], text: r.curve[at] + (points.unit && ' ' + points.unit) })),
  }, () => positions[lead()], set);
  show();
};
