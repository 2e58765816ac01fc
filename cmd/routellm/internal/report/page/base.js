// What all parts of the program use. The data of the page is in an element of its own.
const data = JSON.parse(document.getElementById('data').textContent);
document.documentElement.classList.add('js');

// expand reads a list: texts joined by commas, in which an empty text repeats the previous one.
const expand = text => {
  const out = text.split(',');
  for (let i = 1; i < out.length; i++) if (out[i] === '') out[i] = out[i - 1];
  return out;
};
const column = text => text === '' ? null : expand(text);

// element makes an element with properties and children. Texts among the children stay texts.
const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
const thousands = n => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
const plural = (n, word) => `${thousands(n)} ${word}${n === 1 ? '' : 's'}`;

// percentIn reads a share from a field in per cent, within 0 to 100.
const percentIn = field => clamp(parseFloat(field.value) || 0, 0, 100);

// still keeps a form from being sent: its fields work at once.
const still = form => form.addEventListener('submit', event => event.preventDefault());

// Paper has every section: those that are folded are open while the page is printed.
addEventListener('beforeprint', () => {
  for (const folded of document.querySelectorAll('details:not([open])')) {
    folded.open = true;
    folded.dataset.folded = '';
  }
});
addEventListener('afterprint', () => {
  for (const folded of document.querySelectorAll('details[data-folded]')) {
    folded.open = false;
    delete folded.dataset.folded;
  }
});
