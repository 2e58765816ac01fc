// The chart shows a line at the operating point and the values under the pointer; arrow keys move
// the operating point. The axis has a position for each place that can be chosen: x is its share
// of the axis, title its text, and values what is there.
const startChart = (section, axis, position, set) => {
  const last = axis.count - 1;
  const figure = section.querySelector('.chart'), canvas = figure.querySelector('.canvas'), svg = canvas.querySelector('svg.plot');
  const tip = canvas.querySelector('.tip'), cross = canvas.querySelector('.cross');
  const place = at => { for (const end of ['x1', 'x2']) cross.setAttribute(end, 100 * axis.x(at) + '%'); };
  const tell = at => {
    const values = axis.values(at);
    values.sort((a, b) => parseFloat(b.text) - parseFloat(a.text));
    tip.textContent = [axis.title(at), ...values.map(v => `${v.text}  ${v.name}`)].join('\n');
    tip.hidden = false;
    const outer = canvas.getBoundingClientRect(), inner = svg.getBoundingClientRect();
    const x = inner.left - outer.left + axis.x(at) * inner.width;
    const right = axis.x(at) < 0.5;
    tip.style.left = right ? `${x + 10}px` : '';
    tip.style.right = right ? '' : `${outer.width - x + 10}px`;
    place(at);
  };
  const under = event => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
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
  startLegend(figure, svg);
  return {
    move: at => {
      place(at);
      svg.setAttribute('aria-valuenow', axis.valueNow(at));
      svg.setAttribute('aria-valuetext', `${axis.title(at)}: ` + axis.values(at).map(v => `${v.name} ${v.text}`).join(', '));
    },
  };
};

// startLegend makes the boxes and buttons below a chart work.
const startLegend = (figure, svg) => {
  for (const box of figure.querySelectorAll('.legend input')) {
    const parts = svg.querySelectorAll(`g[data-line="${box.dataset.line}"]`); // band and line
    box.addEventListener('change', () => parts.forEach(g => g.classList.toggle('off', !box.checked)));
  }
  const whole = figure.querySelector('input.whole');
  if (whole) {
    const drawing = svg.querySelector('.drawing'), part = drawing.getAttribute('viewBox');
    whole.addEventListener('change', () => {
      drawing.setAttribute('viewBox', whole.checked ? drawing.dataset.whole : part);
      svg.querySelectorAll('.rows').forEach(rows => rows.classList.toggle('off', rows.classList.contains('whole') !== whole.checked));
    });
  }
  figure.querySelector('[data-job=svg]').addEventListener('click', () => save(fileName(figure.dataset.name, 'svg'), 'image/svg+xml', svgOf(figure)));
};
