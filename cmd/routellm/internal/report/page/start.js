// Start every part of the page.
startTables();
for (const s of data.sections) startPoints(document.getElementById(s.id), s);
for (const p of data.pools) startPool(document.getElementById(p.id), p);
for (const f of data.flips) startFlips(document.getElementById(f.id), f);
