// Downloads: everything is made from what is on the page.
const save = (name, type, text) => {
  const link = element('a', { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};
const fileName = (what, ending) =>
  `${document.title} ${what}`.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 80) + '.' + ending;

const csvCell = text => /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
const csvOf = rows => rows.map(row => row.map(cell => csvCell(String(cell))).join(',') + '\r\n').join('');
const saveCSV = (what, rows) => save(fileName(what, 'csv'), 'text/csv;charset=utf-8', csvOf(rows));

// svgOf draws a chart again as a file of its own: all positions in pixels, all styles written out,
// and the legend below.
const svgOf = figure => {
  const plot = figure.querySelector('svg.plot'), drawing = plot.querySelector('svg.drawing');
  const { width, height } = plot.getBoundingClientRect();
  const left = 56, right = 20, top = 36, line = 20;
  const ns = plot.namespaceURI;
  const make = (name, attributes, ...children) => {
    const made = document.createElementNS(ns, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const styles = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity', 'font-size', 'font-family', 'text-anchor'];
  const styled = (copy, of) => {
    const computed = getComputedStyle(of);
    for (const name of styles) copy.setAttribute(name, computed.getPropertyValue(name));
    return copy;
  };
  const hidden = e => { for (; e && e !== figure; e = e.parentElement) if (getComputedStyle(e).display === 'none') return true; return false; };

  // Path data has letters that take a pair of numbers, and h, H and V, which take one.
  const box = drawing.viewBox.baseVal, sx = width / box.width, sy = height / box.height;
  const scaled = text => {
    const round = v => Math.round(v * 100) / 100;
    return text.replace(/([MlLhHVZ])([^MlLhHVZ]*)/g, (_, letter, rest) => {
      const numbers = rest.match(/-?[\d.]+/g) || [];
      const absolute = letter === letter.toUpperCase();
      return letter + numbers.map((n, i) => {
        const vertical = letter === 'V' || 'MlL'.includes(letter) && i % 2 === 1;
        return round(vertical ? (n - (absolute ? box.y : 0)) * sy : (n - (absolute ? box.x : 0)) * sx);
      }).join(' ');
    });
  };
  const pixels = (value, whole) => value.endsWith('%') ? parseFloat(value) * whole / 100 : parseFloat(value);
  const inside = make('g', { 'clip-path': 'url(#area)' });
  for (const path of drawing.querySelectorAll('path')) {
    if (!hidden(path)) inside.append(styled(make('path', { d: scaled(path.getAttribute('d')) }), path));
  }
  const around = make('g', {});
  for (const e of plot.querySelectorAll('line.grid, text')) {
    if (hidden(e) || e.closest('svg.drawing')) continue;
    const copy = e.cloneNode(true);
    copy.removeAttribute('class');
    for (const name of ['x', 'x1', 'x2', 'y', 'y1', 'y2']) {
      if (e.hasAttribute(name)) copy.setAttribute(name, pixels(e.getAttribute(name), name[0] === 'x' ? width : height));
    }
    around.append(styled(copy, e));
  }
  const entries = [...figure.querySelectorAll('.legend li')].filter(e => !e.querySelector('input') || e.querySelector('input').checked);
  const legend = make('g', { transform: `translate(0 ${height + 62})` });
  entries.forEach((entry, i) => {
    const y = i * line, text = entry.querySelector('label') || entry;
    for (const path of entry.querySelectorAll('svg path')) legend.append(styled(make('path', { d: path.getAttribute('d'), transform: `translate(0 ${y - 10})` }), path));
    legend.append(styled(make('text', { x: 36, y }, entry.textContent.trim()), plot.querySelector('text.tick')));
    legend.lastChild.setAttribute('text-anchor', 'start');
    legend.lastChild.setAttribute('fill', getComputedStyle(text).color);
  });
  const size = { width: left + width + right, height: top + height + 62 + entries.length * line };
  const root = make('svg', { ...size, viewBox: `0 0 ${size.width} ${size.height}` },
    make('title', {}, plot.getAttribute('aria-label')),
    make('rect', { ...size, fill: getComputedStyle(document.body).backgroundColor }),
    make('g', { transform: `translate(${left} ${top})` }, make('clipPath', { id: 'area' }, make('rect', { width, height })), around, inside, legend));
  return new XMLSerializer().serializeToString(root);
};
