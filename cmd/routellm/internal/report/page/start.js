// Start every part of the page.
startTables();
for (const s of data.sections) startPoints(document.getElementById(s.id), s);
for (const p of data.pools) startPool(document.getElementById(p.id), p);
for (const s of data.samples) {
  const section = document.getElementById(s.id), view = startSamples(section, s);
  if (s.flips) startFlips(section, view);
  if (s.routers.some(r => r.row >= 0)) startChanges(section, view);
}
addEventListener('hashchange', openSample);
openSample();
