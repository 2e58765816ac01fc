package pages

import (
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
)

const (
	maxFlipSamples = 100_000 // largest number of samples that a page lists
	flipSeed       = 0       // seed for breaking ties, the same as compare's default
)

// addFlips compares, for each benchmark, all routers of all files that have it, on the
// samples that these files share. If a benchmark cannot be compared, it adds a note to the
// page instead of failing.
func addFlips(page *report.Page, sets []*harness.ScoreSet) error {
	for i, name := range harness.BenchmarksOf(sets) {
		field, on := fieldOn(name, sets)
		if len(field) < 2 {
			continue
		}
		if b := field[0].Set.Benchmarks[0]; b.Gold != nil {
			page.Notes = append(page.Notes, "flips are not shown for "+b.Heading()+": corrected labels are right on average, and not sample by sample")
			continue
		}
		if err := harness.Distinguish(field); err != nil {
			return err
		}
		notes, err := harness.Align(on, true)
		if err != nil {
			page.Notes = append(page.Notes, "flips are not shown: "+err.Error())
			continue
		}
		page.Notes = append(page.Notes, notes...)
		f, err := flipsOf(field)
		if err != nil {
			return err
		}
		f.ID = fmt.Sprintf("flips-%d", i+1)
		page.Flips = append(page.Flips, f)
	}
	return nil
}

// fieldOn returns the routers that have scores on one benchmark, and their sets, cut down to
// that benchmark.
func fieldOn(name string, sets []*harness.ScoreSet) (field []harness.Contender, on []*harness.ScoreSet) {
	for _, l := range sets {
		for _, b := range l.Benchmarks {
			if b.Name != name {
				continue
			}
			one := *l
			one.Benchmarks = []*harness.ScoredBenchmark{b}
			on = append(on, &one)
			field = append(field, one.Contenders(l.Label)...)
		}
	}
	return field, on
}

// flipsOf compares the contenders on the one benchmark of their sets, which must be aligned.
func flipsOf(contenders []harness.Contender) (report.Flips, error) {
	c := contenders[0].Set.Benchmarks[0]
	f := report.Flips{
		Title: "Flips: " + c.Heading(), TooMany: len(c.IDs) > maxFlipSamples,
		Notes: []string{"Each router sends the same share of the prompts to the strong model. A rescue is a sample that A answers better than B, " +
			"a loss one that A answers worse. Safe: tied and correct; hard: tied and wrong."},
		IDs: c.IDs, Strong: c.Outcomes.Strong, Weak: c.Outcomes.Weak, Right: c.Outcomes.Right(), Tasks: eval.ClusterIDs(c.Tasks),
	}
	for k, task := range f.Tasks {
		if task == len(f.TaskNames) {
			f.TaskNames = append(f.TaskNames, c.Tasks[k])
		}
	}
	for _, x := range contenders {
		order, err := eval.RouteOrder(x.Set.Benchmarks[0].Scores[x.Router], flipSeed)
		if err != nil {
			return f, err
		}
		f.Routers, f.Orders = append(f.Routers, x.Label), append(f.Orders, order)
	}
	counts, err := pairCounts(contenders)
	f.Counts = report.Block{Caption: "Every pair at 50 % strong calls", Table: counts}
	return f, err
}

// pairCounts returns one row per pair of routers, with the number of samples per outcome at
// 50 % strong calls.
func pairCounts(contenders []harness.Contender) (*table.Table, error) {
	t := &table.Table{Header: []string{"A - B", "rescues", "losses", "safe", "hard"}}
	all, err := harness.PairDecisions(contenders, 0, 0.5, flipSeed)
	if err != nil {
		return nil, err
	}
	for a := range contenders {
		for b := a + 1; b < len(contenders); b++ {
			d := all[0]
			all = all[1:]
			t.Add(contenders[a].Label+" - "+contenders[b].Label, text.Thousands(d.Rescues), text.Thousands(d.Losses), text.Thousands(d.Safe), text.Thousands(d.Hard))
		}
	}
	return t, nil
}
