// Decisions of one router that change between its thresholds for two shares of strong calls.
const startChanges = (section, view) => {
  const form = section.querySelector('form.changes'), field = form.elements;
  const scale = view.unit === '%' ? 100 : 1;
  const signed = value => (value < 0 ? '-' : '+') + Math.abs(value).toFixed(scale === 100 ? 2 : 4) + (view.unit && ' ' + view.unit);
  let changed = [];
  const show = () => {
    const r = view.routers[field.router.value], from = percentIn(field.from), to = percentIn(field.to);
    const position = percent => Math.round(10 * percent);
    const low = r.counts[position(from)], high = r.counts[position(to)], up = high >= low;
    changed = [...r.order.subarray(Math.min(low, high), Math.max(low, high))];
    let better = 0, worse = 0, gain = 0;
    for (const i of changed) {
      const g = (up ? 1 : -1) * (view.strong[i] - view.weak[i]);
      gain += g;
      if (g > 0) better++; else if (g < 0) worse++;
    }
    const own = points[r.section].routers[r.row];
    const score = percent => own.threshold[position(percent)];
    form.querySelector('.said').textContent = `${r.name} from ${from} % (threshold ${score(from)}) to ${to} % strong calls (threshold ${score(to)}): ` +
      `${plural(changed.length, 'sample')} of ${thousands(view.n)} ${changed.length === 1 ? 'goes' : 'go'} to ${up ? view.strongModel : view.weakModel} instead of ${up ? view.weakModel : view.strongModel}: ` +
      `${thousands(better)} better, ${thousands(worse)} worse, ${thousands(changed.length - better - worse)} as good. Quality changes by ${signed(scale * gain / view.n)}.`;
    form.querySelector('.listed').textContent = plural(changed.length, 'sample');
    form.querySelector('textarea').value = changed.map(i => view.ids[i]).join('\n');
    view.use('changes', changed, false);
    commands.show({ router: r.name, from: String(from / 100), to: String(to / 100) });
  };
  const commands = startCommands(form);
  form.querySelector('[data-job=show]').addEventListener('click', () => view.use('changes', changed, true));
  form.addEventListener('input', show);
  still(form);
  show();
};
