'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  document.documentElement.classList.add('js');

  // Texts are joined by commas; an empty text repeats the previous one.
  const expand = text => {
    const out = text.split(',');
    for (let i = 1; i < out.length; i++) if (out[i] === '') out[i] = out[i - 1];
    return out;
  };
  const column = text => text === '' ? null : expand(text);

  // Sort by the first number in a cell, or by its text; cells without a value come last.
  const keyOf = cell => {
    const text = cell.textContent.trim();
    const number = text.replace(/(\d),(?=\d{3})/g, '$1').match(/^[<[+]?\s*(-?\d*\.?\d+(e[-+]?\d+)?)/);
    return { text, number: number ? parseFloat(number[1]) : NaN, none: text === '-' || text === '?' || text === '' };
  };
  const compare = (a, b) => {
    if (!Number.isNaN(a.number) && !Number.isNaN(b.number)) return a.number - b.number;
    return a.text.localeCompare(b.text, 'en', { numeric: true });
  };
  const sortBy = (table, index, sign) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].map(row => ({ row, key: keyOf(row.cells[index]) }));
    rows.sort((a, b) => a.key.none - b.key.none || sign * compare(a.key, b.key));
    body.append(...rows.map(r => r.row));
  };
  for (const table of document.querySelectorAll('table.sortable')) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, index) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const down = head.getAttribute('aria-sort') === 'ascending';
        heads.forEach(h => h.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        sortBy(table, index, down ? -1 : 1);
      });
    });
  }

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

  // The chart shows a line at the operating point and the values under the pointer; arrow
  // keys move the operating point. The axis has a position for each place that can be chosen:
  // x is its share of the axis, title its text, and values what is there.
  const startChart = (section, axis, position, set) => {
    const left = 38, right = 470, width = 490, last = axis.count - 1;
    const canvas = section.querySelector('.canvas'), svg = canvas.querySelector('svg');
    const tip = canvas.querySelector('.tip'), cross = canvas.querySelector('.cross');
    const xOf = at => left + (right - left) * axis.x(at);
    const place = at => cross.setAttribute('d', `M${xOf(at)} 22V290`);
    const tell = at => {
      const values = axis.values(at);
      values.sort((a, b) => parseFloat(b.text) - parseFloat(a.text));
      const lines = values.map(v => `${v.text}  ${v.name}`);
      tip.textContent = [axis.title(at), ...lines].join('\n');
      tip.hidden = false;
      const x = xOf(at) / width * 100;
      tip.style.left = x < 50 ? `calc(${x}% + .6rem)` : '';
      tip.style.right = x < 50 ? '' : `calc(${100 - x}% + .6rem)`;
      place(at);
    };
    const under = event => {
      const box = svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width * width - left) / (right - left);
      let low = 0, high = last; // the nearest position
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (axis.x(middle) <= x) low = middle; else high = middle;
      }
      return Math.abs(axis.x(high) - x) < Math.abs(axis.x(low) - x) ? high : low;
    };
    const rest = () => { tip.hidden = true; place(position()); };
    svg.setAttribute('tabindex', '0');
    svg.setAttribute('role', 'slider');
    svg.setAttribute('aria-valuemin', '0');
    svg.setAttribute('aria-valuemax', axis.valueNow(last));
    svg.addEventListener('pointermove', event => tell(under(event)));
    svg.addEventListener('pointerleave', rest);
    svg.addEventListener('click', event => set(under(event)));
    svg.addEventListener('focus', () => tell(position()));
    svg.addEventListener('blur', rest);
    const page = Math.ceil(last / 10);
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page, Home: -last, End: last };
    svg.addEventListener('keydown', event => {
      if (event.key === 'Escape') tip.hidden = true;
      if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      set(position() + steps[event.key] * (event.shiftKey ? 10 : 1));
      tell(position());
    });
    for (const box of section.querySelectorAll('.legend input')) {
      const parts = svg.querySelectorAll(`g[data-line="${box.dataset.line}"]`); // band and line
      box.addEventListener('change', () => parts.forEach(g => g.classList.toggle('off', !box.checked)));
    }
    return {
      move: at => {
        place(at);
        svg.setAttribute('aria-valuenow', axis.valueNow(at));
        svg.setAttribute('aria-valuetext', `${axis.title(at)}: ` + axis.values(at).map(v => `${v.name} ${v.text}`).join(', '));
      },
    };
  };

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
    form.addEventListener('submit', event => event.preventDefault());
    const chart = startChart(section, {
      count: last + 1, x: at => pool.x[at], title: titleOf, valueNow: at => parseFloat(pool.texts[at]),
      values: at => routers.map((r, i) => ({ name: names[i], text: text(i, 'quality', at) })).filter(v => v.text !== '-'),
    }, () => position, set);
    show();
  };

  // Flips between two routers: each sends the first round(share * n) samples of its order to
  // the strong model.
  const startFlips = (section, f) => {
    const n = f.rest.length, ids = [];
    for (let i = 0; i < n; i++) ids.push((i ? ids[i - 1].slice(0, f.shared[i]) : '') + f.rest[i]);
    const numbers = text => Uint32Array.from(expand(text), x => parseInt(x, 36));
    const strong = numbers(f.strong), weak = numbers(f.weak), tasks = numbers(f.tasks);
    const order = text => {
      const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
      return f.width === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
    };
    const orders = f.orders.map(order);
    const qualities = (router, share) => {
      const q = Float64Array.from(weak, v => f.values[v]);
      for (const i of orders[router].subarray(0, Math.round(share * n))) q[i] = f.values[strong[i]];
      return q;
    };

    const form = section.querySelector('form.controls'), field = form.elements;
    const words = ['rescues', 'losses', 'safe', 'hard'];
    const show = () => {
      const percent = Math.max(0, Math.min(100, parseFloat(field.share.value) || 0));
      const a = qualities(field.a.value, percent / 100), b = qualities(field.b.value, percent / 100);
      const count = [0, 0, 0, 0], listed = [], byTask = f.names.map(() => [0, 0, 0, 0]);
      for (let i = 0; i < n; i++) {
        const kind = a[i] > b[i] ? 0 : a[i] < b[i] ? 1 : a[i] >= f.right ? 2 : 3;
        count[kind]++;
        byTask[tasks[i]][kind]++;
        if (kind === Number(field.kind.value)) listed.push(ids[i]);
      }
      const names = [f.routers[field.a.value], f.routers[field.b.value]];
      form.querySelector('.said').textContent = `${names[0]} against ${names[1]} at ${percent} % strong calls: ` +
        words.map((w, k) => `${count[k]} ${w}`).join(', ') + '.';
      form.querySelector('.listed').textContent = `${listed.length} samples: ${words[field.kind.value]}`;
      form.querySelector('textarea').value = listed.join('\n');
      section.querySelector('details tbody').replaceChildren(...byTask.map((c, t) => {
        const row = document.createElement('tr'), head = document.createElement('th');
        head.scope = 'row';
        head.textContent = f.names[t];
        row.append(head);
        for (const x of [c[0] + c[1] + c[2] + c[3], ...c]) row.insertCell().textContent = x;
        return row;
      }));
    };
    form.addEventListener('input', show);
    form.addEventListener('submit', event => event.preventDefault());
    show();
  };

  for (const s of data.sections) startPoints(document.getElementById(s.id), s);
  for (const p of data.pools) startPool(document.getElementById(p.id), p);
  for (const f of data.flips) startFlips(document.getElementById(f.id), f);
})();
