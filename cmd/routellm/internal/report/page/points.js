// The operating point of a benchmark is a position of the slider, in tenths of a per cent.

// points holds the operating points by section: at tells the position of a router, and watch calls a
// function when positions change.
const points = {};

const startPoints = (section, given) => {
  const routers = given.routers.map(r => Object.fromEntries(Object.entries(r).map(([k, v]) => [k, column(v)])));
  const form = section.querySelector('form.controls'), field = form.elements;
  const rows = [...section.querySelectorAll('.points tbody tr')];
  const names = rows.map(row => row.cells[0].textContent);
  const said = form.querySelector('.said');
  let positions = routers.map(() => 500), budget = NaN; // a position per router; the budget that chose them, if any
  const lead = () => Math.max(0, routers.indexOf(routers[field.router.value])); // the router that the sliders follow
  const watchers = [];
  points[section.id] = { at: row => positions[row], watch: watcher => watchers.push(watcher), routers, names };

  // Prices that the reader gives stand before measured costs. Amounts are USD per 1,000 prompts.
  const measured = given.price && given.price.measured ? given.price : null;
  const typed = () => {
    const p = { strong: parseFloat(field.strong.value), weak: parseFloat(field.weak.value) };
    if (!(p.strong >= 0 && p.weak >= 0)) return null;
    const digits = clamp(3 - Math.floor(Math.log10(Math.max(p.strong, p.weak)) + 1e-9), 0, 9);
    return { ...p, decimals: Number.isFinite(digits) ? digits : 2 };
  };
  const price = () => typed() || measured;
  const amount = usd => usd.toFixed(price().decimals);
  const mixed = percent => (typed().strong * percent + typed().weak * (100 - percent)) / 100;
  const costAt = (i, at) => typed() ? mixed(parseFloat(routers[i].calls[at])) : measured && routers[i].usd ? parseFloat(routers[i].usd[at]) : NaN;
  const half = () => 0.5 * 10 ** -price().decimals; // amounts are shown rounded
  const share = (i, at) => parseFloat(routers[i].calls[at]);
  const cells = {
    cost: (i, at) => Number.isNaN(costAt(i, at)) ? '' : amount(costAt(i, at)),
    saved: (i, at) => Number.isNaN(costAt(i, at)) ? '' : amount(price().strong - costAt(i, at)),
    costs: (i, at) => typed() && routers[i].future ? routers[i].future[at].split(' to ').map(c => amount(mixed(parseFloat(c)))).join(' to ') : '',
    mix: (i, at) => `${share(i, at).toFixed(1)} % strong, ${(100 - share(i, at)).toFixed(1)} % weak`,
    rest: (i, at) => (100 - share(i, at)).toFixed(2),
    share: (i, at) => at / 10,
  };
  const fill = (cell, i, at) => {
    const k = cell.dataset.k;
    cell.textContent = String((k in cells ? cells[k](i, at) : routers[i][k] && routers[i][k][at]) || (k === 'share' ? 0 : '-'));
  };

  const showBudget = () => {
    const p = price();
    form.querySelector('.budget').hidden = field.cost.parentElement.hidden = !p;
    for (const cell of section.querySelectorAll('[data-k^=cost], [data-k=saved]')) cell.hidden = !p || cell.dataset.k === 'costs' && !typed();
    if (!p) return;
    const low = Math.min(p.strong, p.weak), high = Math.max(p.strong, p.weak);
    const usd = Number.isNaN(budget) ? costAt(lead(), positions[lead()]) : budget;
    field.budget.value = 1000 * (usd - low) / (high - low || 1);
    field.spent.value = amount(usd) + ' USD per 1,000 prompts';
    field.budget.setAttribute('aria-valuetext', field.spent.value);
  };

  // The table of one router has one operating point per row.
  const steps = section.querySelector('.steps');
  const showSteps = () => {
    if (!steps) return;
    steps.querySelector('caption').textContent = `Operating points of ${names[lead()]}`;
    for (const row of steps.querySelectorAll('tbody tr')) {
      for (const cell of row.cells) fill(cell, lead(), Number(row.dataset.at));
    }
  };

  // Only the band of the router that the sliders follow is shown: many bands together hide the curves.
  const showBand = () => {
    for (const band of section.querySelectorAll('.drawing g > .band')) band.classList.toggle('off', band.parentElement.dataset.name !== names[lead()]);
  };

  const show = () => {
    const asked = (positions[lead()] / 10).toFixed(1);
    field.share.value = positions[lead()];
    field.share.setAttribute('aria-valuetext', asked + ' % strong calls');
    field.shown.value = asked + ' %';
    showBudget();
    section.querySelector('.point').textContent = Number.isNaN(budget) ? `Every router at its threshold for ${asked} % strong calls`
      : `Every router at its threshold with the most strong calls within ${field.spent.value}`;
    rows.forEach((row, i) => {
      for (const cell of row.querySelectorAll('td')) {
        fill(cell, i, positions[i]);
        if (cell.dataset.k === 'mix') cell.style.setProperty('--share', share(i, positions[i]) + '%');
      }
    });
    const r = routers[field.router.value];
    if (r) {
      const at = positions[lead()];
      field.threshold.value = r.threshold[at] === 'never' ? '' : r.threshold[at];
      field.quality.value = r.quality[at];
      field.cost.value = cells.cost(lead(), at);
      commands.show({ router: names[lead()], threshold: r.threshold[at], share: String(positions[lead()] / 1000) });
    }
    chart.move(positions[lead()]);
    watchers.forEach(watcher => watcher());
  };
  const showRouter = () => {
    showSteps();
    showBand();
    show();
  };
  const set = to => {
    positions = routers.map(() => clamp(to, 0, 1000));
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
  field.router.addEventListener('change', showRouter);
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
  if (given.price && !measured) {
    field.strong.value = given.price.strong;
    field.weak.value = given.price.weak;
  }
  for (const input of [field.strong, field.weak]) {
    input.addEventListener('input', () => {
      budget = NaN;
      showRouter();
    });
  }
  still(form);

  const commands = startCommands(section);
  const chart = startChart(section, {
    count: 1001, x: at => at / 1000, title: at => (at / 10).toFixed(1) + ' % strong calls', valueNow: at => at / 10,
    values: at => routers.map((r, i) => ({ name: names[i], text: r.curve[at] + (given.unit && ' ' + given.unit) })),
  }, () => positions[lead()], set);
  showRouter();
};
