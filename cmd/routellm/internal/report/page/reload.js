
'use strict';
// The page of a server loads itself again once what it shows has changed. It asks while it is seen.
(() => {
  const address = document.documentElement.dataset.live;
  let first = null;
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(address, { cache: 'no-store' });
      if (!answer.ok) return;
      const state = await answer.text();
      if (first === null) first = state;
      else if (state !== first) location.reload();
    } catch { /* the server has ended, or is about to start again */ }
  };
  ask();
  setInterval(ask, 2000);
})();
