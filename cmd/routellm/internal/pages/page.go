// Package pages makes the page of a report from results. Call [New].
package pages

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/version"
	"github.com/routellm/routellm/results"
)

// Read reads a results file, with its samples. Results of pools or of summaries have nothing but their
// document, which has all numbers.
func Read(path string) (*harness.ScoreSet, error) {
	d, input, err := harness.ReadDocument(path)
	if err != nil || len(d.Pools) == 0 && d.Summaries == nil {
		return harness.ReadScoreSet(path, "") // says what is wrong
	}
	return &harness.ScoreSet{Name: input.Path, Document: d, Inputs: []results.Input{input}}, nil
}

// New returns the page of results. given has the prices that stand before measured costs; nil for
// none.
func New(sets []*harness.ScoreSet, given *report.Price) (report.Page, error) {
	page := report.Page{Title: pageTitle(sets), Provenance: provenance(sets)}
	for i, l := range sets {
		path, label := l.Name, l.Label
		if label == "" && len(sets) > 1 && l.Inputs != nil {
			label = harness.FolderOf(path)
		}
		for k, b := range l.Document.Benchmarks {
			var c *harness.ScoredBenchmark
			if b.Summary == nil {
				c = l.Benchmarks[k]
			}
			s, err := newSection(b, c, l, label, given)
			if err != nil {
				return page, fmt.Errorf("%q: %s: %w", path, b.Name, err)
			}
			s.ID = fmt.Sprintf("results-%d-%d", i+1, k+1)
			page.Sections = append(page.Sections, s)
		}
		for k, p := range l.Document.Pools {
			s := newPoolSection(p, l.Document.Conventions, label)
			s.ID = fmt.Sprintf("pool-%d-%d", i+1, k+1)
			page.Pools = append(page.Pools, s)
		}
	}
	return page, addSamples(&page, sets)
}

// pageTitle returns the default title, which names each benchmark once.
func pageTitle(sets []*harness.ScoreSet) string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, l := range sets {
		for _, b := range l.Document.Benchmarks {
			add(render.Title(b))
		}
		for _, p := range l.Document.Pools {
			add(render.PoolTitle(p))
		}
	}
	return "Routers on " + joinWords(names)
}

// newSection builds the section of one benchmark of a results file. c has its samples, nil for
// summaries. name, if not "", is added to the title to tell files apart. given has the prices that
// stand before measured costs.
func newSection(b results.Benchmark, c *harness.ScoredBenchmark, l *harness.ScoreSet, name string, given *report.Price) (report.Section, error) {
	i := l.Document.Conventions.Intervals
	s := report.Section{
		Title: render.Title(b), Summary: summaryOf(b, i),
		Tables: reportTables(b, i), Notes: render.Notes(b, l.Document.Conventions), Price: given,
	}
	if given == nil && c != nil && c.Costs != nil {
		s.Price = measuredPrice(*b.Costs)
	}
	s.Facts = append(factsOf(b), costFact(s.Price))
	if c != nil {
		s.Commands = commandsOf(b, l, c.Input)
	}
	if name != "" {
		s.Title += " (" + name + ")"
	}
	if c == nil {
		s.Chart, s.Points, s.Tasks = render.Curves(b, summaryRandom(b), i), summaryPoints(b), summaryTasks(b, i)
		lead(&s.Points, b)
		return s, nil
	}
	s.Chart = render.Curves(b, eval.NewRandom(c.Outcomes), i)
	var err error
	if s.Points, err = pointsOf(b, c, l.Routers, i, s.Price); err != nil {
		return s, err
	}
	lead(&s.Points, b)
	if s.Tasks, err = taskBlock(c, l.Routers, i); err != nil || s.Tasks == nil {
		return s, err
	}
	s.Small, err = smallCharts(b, c, l.Routers)
	return s, err
}

// lead names the models and the router that operating points are about at first: the best one or, if none
// is, the first with a threshold.
func lead(p *report.Points, b results.Benchmark) {
	p.StrongModel, p.WeakModel = b.Pair.Strong, b.Pair.Weak
	best := leader(b)
	p.Lead = slices.IndexFunc(p.Routers, func(r report.RouterPoints) bool { return best != nil && r.Name == best.Name })
	if p.Lead < 0 {
		p.Lead = max(0, slices.IndexFunc(p.Routers, func(r report.RouterPoints) bool { return r.Threshold != nil }))
	}
}

// factsOf lists the models with their qualities and the number of samples.
func factsOf(b results.Benchmark) []report.Fact {
	u := render.UnitOf(b)
	facts := []report.Fact{
		{Name: "strong model", Value: b.Pair.Strong},
		{Name: "strong model's quality", Value: u.Quality(b.StrongQuality)},
		{Name: "weak model", Value: b.Pair.Weak},
		{Name: "weak model's quality", Value: u.Quality(b.WeakQuality)},
		{Name: "samples", Value: text.Thousands(b.Samples)},
	}
	if s := b.Summary; s != nil {
		facts = append(facts, report.Fact{Name: "bins", Value: text.Thousands(s.Bins)}, report.Fact{Name: "buckets of clusters", Value: text.Thousands(s.Buckets)})
	}
	if b.Unmeasured.Many() {
		facts = append(facts, report.Fact{Name: "gap", Value: u.Quality(b.StrongQuality-b.WeakQuality) + ", " + render.GapWithUnmeasured(b.Unmeasured, u)})
	}
	if b.Clusters < b.Samples && b.Summary == nil {
		facts = append(facts, report.Fact{Name: "independent clusters", Value: text.Thousands(b.Clusters)})
	}
	if left := render.Exclusions(b.Excluded); left != "" {
		facts = append(facts, report.Fact{Name: "left out", Value: left})
	}
	return facts
}

// provenance returns tables of the results' settings, the files with their digests, and the
// routers' models.
func provenance(sets []*harness.ScoreSet) []report.Block {
	files := &table.Table{Header: []string{"file", "SHA-256"}, Left: []int{1}}
	settings := &table.Table{Header: []string{"results", "written by", "seed", "intervals"}, Left: []int{1, 2, 3}}
	models := &table.Table{Header: []string{"router", "results", "scores", "SHA-256 of the model"}, Left: []int{1, 2, 3}}
	for _, l := range sets {
		if l.Inputs != nil {
			files.Add(l.Name, l.Inputs[0].SHA256)
			for _, x := range []*results.Input{l.Document.Samples, l.Document.Summaries} {
				if x != nil {
					files.Add(x.Path, x.SHA256)
				}
			}
		}
		for _, in := range l.Document.Inputs {
			files.Add(in.Path+in.Builtin, in.SHA256)
		}
		if x := l.Document.Settings; x != nil {
			files.Add(x.Path, x.SHA256)
		}
		seed := "-"
		if l.Document.Seed != nil {
			seed = fmt.Sprint(*l.Document.Seed)
		}
		settings.Add(l.Name, l.Document.Tool.Name+" "+l.Document.Tool.Version, seed, intervalWords(l.Document.Conventions.Intervals))
		add := func(name string, scores results.Source, sha256 *string) {
			digest := "-"
			if sha256 != nil {
				digest = *sha256
			}
			models.Add(name, l.Name, string(scores), digest)
		}
		if all := l.Document.Benchmarks; len(all) > 0 {
			for _, r := range all[0].Routers {
				add(r.Name, r.Scores, r.ModelSHA256)
			}
		}
		if all := l.Document.Pools; len(all) > 0 {
			for _, r := range all[0].Routers {
				add(r.Name, r.Scores, r.ModelSHA256)
			}
		}
	}
	return []report.Block{
		{Caption: "Results (page written by routellm " + version.String() + ")", Table: settings},
		{Caption: "Files and built-in data", Table: files}, {Caption: "Routers", Table: models},
	}
}

// intervalWords describes how the intervals were computed.
func intervalWords(i results.Intervals) string {
	switch i.Method {
	case "bootstrap":
		return fmt.Sprintf("%s, %s resamples", render.Confidence(i), text.Thousands(i.Resamples))
	case "influence":
		return render.Confidence(i) + ", influence function"
	}
	return "none"
}
