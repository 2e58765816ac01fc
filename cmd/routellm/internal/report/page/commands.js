// Commands that make what a view shows again. A command is a list of words; the word {NAME} stands for
// a value of the view, and a command with a value that is not known is not shown.
const shellWord = word => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;

// copy puts a text on the clipboard, by an old way where the page may not use the new one, as in a
// file. It tells whether that worked.
const copy = async text => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element('textarea', { value: text, className: 'aside' });
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
};

// startCommands makes the list of commands of a part of the page. show fills in the values.
const startCommands = part => {
  const rows = [...part.querySelectorAll(':scope > .commands [data-words]')].map(row => ({
    row, code: row.querySelector('code'), words: JSON.parse(row.dataset.words),
  }));
  for (const { row, code } of rows) {
    const button = row.querySelector('button'), said = row.querySelector('[role=status]');
    button.addEventListener('click', async () => {
      const done = await copy(code.textContent);
      said.textContent = done ? 'copied' : 'select it and copy it by hand';
      if (!done) getSelection().selectAllChildren(code);
      setTimeout(() => { said.textContent = ''; }, 4000);
      button.focus();
    });
  }
  return {
    show: values => {
      for (const { row, code, words } of rows) {
        const filled = words.map(word => word.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '?'));
        row.hidden = filled.some(word => word === '?' || word === 'never');
        code.textContent = filled.map(shellWord).join(' ');
      }
    },
  };
};
