// Flips between two routers: each sends the first round(share * n) samples of its order to the
// strong model.
const startFlips = (section, view) => {
  const { n, strong, weak } = view;
  const qualities = (router, share) => {
    const q = Float64Array.from(weak);
    for (const i of view.routers[router].order.subarray(0, Math.round(share * n))) q[i] = strong[i];
    return q;
  };
  const form = section.querySelector('form.flips'), field = form.elements;
  const words = ['rescues', 'losses', 'safe', 'hard'];
  const show = () => {
    const percent = percentIn(field.share);
    const a = qualities(field.a.value, percent / 100), b = qualities(field.b.value, percent / 100);
    const count = [0, 0, 0, 0], listed = [], flipped = [], byTask = view.names.map(() => [0, 0, 0, 0]);
    for (let i = 0; i < n; i++) {
      const kind = a[i] > b[i] ? 0 : a[i] < b[i] ? 1 : a[i] >= view.right ? 2 : 3;
      count[kind]++;
      byTask[view.tasks[i]][kind]++;
      if (kind < 2) flipped.push(i);
      if (kind === Number(field.kind.value)) listed.push(view.ids[i]);
    }
    form.querySelector('.said').textContent = `${view.name(field.a.value)} against ${view.name(field.b.value)} at ${percent} % strong calls: ` +
      words.map((w, k) => `${count[k]} ${w}`).join(', ') + '.';
    form.querySelector('.listed').textContent = `${listed.length} samples: ${words[field.kind.value]}`;
    form.querySelector('textarea').value = listed.join('\n');
    section.querySelector('.bytask tbody').replaceChildren(...byTask.map((c, t) => {
      const row = element('tr', {}, element('th', { scope: 'row' }, view.names[t]));
      for (const x of [c[0] + c[1] + c[2] + c[3], ...c]) row.insertCell().textContent = x;
      return row;
    }));
    view.use('flips', flipped, false);
    commands.show({ a: view.name(field.a.value), b: view.name(field.b.value), share: String(percent / 100) });
  };
  const commands = startCommands(form);
  form.addEventListener('input', show);
  still(form);
  show();
};
