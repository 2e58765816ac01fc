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
