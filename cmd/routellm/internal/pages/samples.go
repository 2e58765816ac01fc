package pages

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

const (
	// MaxSamples is the largest number of samples of a benchmark that a page lists.
	MaxSamples = 100_000

	flipSeed = 0 // seed for breaking ties, the same as compare's default
)

// addSamples lists, for each benchmark, the samples that all files with this benchmark share, and
// compares all routers on them. If a benchmark cannot be shown, it adds a note to the page instead of
// failing. page has its sections already.
func addSamples(page *report.Page, sets []*harness.ScoreSet) error {
	for i, name := range harness.BenchmarksOf(sets) {
		field, on := fieldOn(name, sets)
		if len(field) == 0 {
			continue
		}
		if b := field[0].Set.Benchmarks[0]; b.Gold != nil {
			page.Notes = append(page.Notes, "samples are not shown for "+b.Heading()+": corrected labels are right on average, and not sample by sample")
			continue
		}
		if err := harness.Distinguish(field); err != nil {
			return err
		}
		notes, err := harness.Align(on, true)
		if err != nil {
			page.Notes = append(page.Notes, "samples are not shown: "+err.Error())
			continue
		}
		page.Notes = append(page.Notes, notes...)
		f, err := samplesOf(field, sectionsOf(page, name, sets))
		if err != nil {
			return err
		}
		f.ID = fmt.Sprintf("samples-%d", i+1)
		page.Samples = append(page.Samples, f)
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

// sectionsOf returns the sections of a page about one benchmark, in the order of the sets.
func sectionsOf(page *report.Page, name string, sets []*harness.ScoreSet) []report.Section {
	var out []report.Section
	k := 0
	for _, l := range sets {
		for _, b := range l.Document.Benchmarks {
			if b.Name == name && b.Summary == nil {
				out = append(out, page.Sections[k])
			}
			k++
		}
	}
	return out
}

// samplesOf lists the samples of the one benchmark of the contenders' sets, which must be aligned.
// sections has one section per set.
func samplesOf(contenders []harness.Contender, sections []report.Section) (report.Samples, error) {
	c := contenders[0].Set.Benchmarks[0]
	f := report.Samples{
		Title: "Samples: " + c.Heading(), TooMany: len(c.IDs) > MaxSamples, StrongModel: c.Pair.Strong, WeakModel: c.Pair.Weak,
		Unit: sections[0].Points.Unit, IDs: c.IDs, Strong: c.Outcomes.Strong, Weak: c.Outcomes.Weak, Right: c.Outcomes.Right(), Tasks: eval.ClusterIDs(c.Tasks),
	}
	if c.Outcomes.Weight != nil {
		f.Notes = append(f.Notes, "The counts here and the changes of quality count every sample once, whatever its weight.")
	}
	for k, task := range f.Tasks {
		if task == len(f.TaskNames) {
			f.TaskNames = append(f.TaskNames, c.Tasks[k])
		}
	}
	for _, x := range contenders {
		f.Texts = orTexts(f.Texts, x.Set.Benchmarks[0].Texts)
	}
	var sets []*harness.ScoreSet
	for _, x := range contenders {
		scores := x.Set.Benchmarks[0].Scores[x.Router]
		order, err := eval.RouteOrder(scores, flipSeed)
		if err != nil {
			return f, err
		}
		if !slices.Contains(sets, x.Set) {
			sets = append(sets, x.Set)
		}
		s := sections[len(sets)-1]
		row := slices.IndexFunc(s.Points.Routers, func(r report.RouterPoints) bool { return r.Name == x.Set.Routers[x.Router] })
		f.Routers = append(f.Routers, report.SampleRouter{Name: x.Label, Section: s.ID, Row: row, Order: order, Counts: countsAt(s.Points, row, scores)})
	}
	f.FlipCommands = flipCommands(sets)
	if len(sets) == 1 && sets[0].Document != nil {
		k := slices.IndexFunc(sets[0].Document.Benchmarks, func(b results.Benchmark) bool { return b.Name == c.Name })
		f.ChangeCommands = changeCommands(sets[0].Document.Benchmarks[k], c.Input)
	}
	if len(contenders) < 2 {
		return f, nil
	}
	counts, err := pairCounts(contenders)
	f.Flips = &report.Block{Caption: "Every pair at 50 % strong calls", Table: counts}
	return f, err
}

// orTexts returns the first texts that there are.
func orTexts(have *report.Texts, more *harness.SampleTexts) *report.Texts {
	if have != nil || more == nil {
		return have
	}
	return &report.Texts{Prompts: more.Prompts, Strong: more.Strong, Weak: more.Weak}
}

// countsAt returns the number of samples that reach the threshold of the k-th router at each position of
// the slider.
func countsAt(points report.Points, k int, scores []float64) []int {
	out := make([]int, report.Positions)
	if k < 0 || points.Routers[k].Threshold == nil {
		return out
	}
	falling := slices.Clone(scores)
	slices.SortFunc(falling, func(a, b float64) int { return cmp.Compare(b, a) })
	for p, text := range points.Routers[k].Threshold {
		t, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t = math.Inf(1) // "never"
		}
		out[p] = sort.Search(len(falling), func(i int) bool { return falling[i] < t })
	}
	return out
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
