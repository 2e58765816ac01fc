// Tables: sorting, and a button that saves them.

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

// sortableHead makes a head a button. sort is told whether to sort downwards.
const sortableHead = (head, sort) => {
  const button = element('button', { type: 'button' }, ...head.childNodes);
  head.append(button);
  button.addEventListener('click', () => {
    const down = head.getAttribute('aria-sort') === 'ascending';
    for (const other of head.parentElement.cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    sort(down);
  });
};
const startTables = () => {
  for (const table of document.querySelectorAll('table.sortable')) {
    [...table.tHead.rows[0].cells].forEach((head, index) => {
      if (head.textContent) sortableHead(head, down => sortBy(table, index, down ? -1 : 1));
    });
  }
  for (const table of document.querySelectorAll('.scroll > table:not(.list)')) {
    const name = table.parentElement.getAttribute('aria-label');
    const button = element('button', { type: 'button', className: 'csv' }, 'Download CSV');
    button.setAttribute('aria-label', `Download CSV: ${name}`);
    table.parentElement.after(element('div', { className: 'tools' }, button));
    button.addEventListener('click', () => {
      const shown = [...table.rows].filter(row => !row.hidden);
      saveCSV(name, shown.map(row => [...row.cells].filter(cell => !cell.hidden).map(cell => cell.textContent)));
    });
  }
};
