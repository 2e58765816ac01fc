package cli

import (
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/eval"
)

const (
	maxFlipSamples = 100_000 // that a page holds
	flipSeed       = 0       // of the order of equal scores, as compare has it
)

// addFlips compares, on each benchmark, all routers of all files that have it, on the
// samples that these share. What cannot be compared is a note: the rest of the page
// stands without it.
func addFlips(page *report.Page, lineups []*lineup) error {
	for i, name := range benchNames(lineups) {
		field, on := fieldOn(name, lineups)
		if len(field) < 2 {
			continue
		}
		if err := tellApart(field); err != nil {
			return err
		}
		notes, err := alignLineups(on, true)
		if err != nil {
			page.Notes = append(page.Notes, "no flips: "+err.Error())
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

// fieldOn lists the routers on one benchmark, and their lineups cut to it.
func fieldOn(name string, lineups []*lineup) (field []contender, on []*lineup) {
	for _, l := range lineups {
		for _, b := range l.benches {
			if b.name != name {
				continue
			}
			one := *l
			one.benches = []*contest{b}
			on = append(on, &one)
			field = append(field, argument{label: l.label}.contenders(&one)...)
		}
	}
	return field, on
}

// flipsOf compares the contenders on the one benchmark of their aligned lineups.
func flipsOf(contenders []contender) (report.Flips, error) {
	c := contenders[0].lineup.benches[0]
	f := report.Flips{
		Title: "Flips: " + c.label(), TooMany: len(c.ids) > maxFlipSamples,
		Notes: []string{"Each router sends the same share of the prompts to the strong model. A rescue is a sample that A then answers better than B, " +
			"a loss one that it answers worse; safe are as good and right, hard as good and not right."},
		IDs: c.ids, Strong: c.outcomes.Strong, Weak: c.outcomes.Weak, Right: c.outcomes.Right(), Tasks: eval.ClusterIDs(c.tasks),
	}
	for k, task := range f.Tasks {
		if task == len(f.TaskNames) {
			f.TaskNames = append(f.TaskNames, c.tasks[k])
		}
	}
	for _, x := range contenders {
		order, err := eval.RouteOrder(x.lineup.benches[0].scores[x.router], flipSeed)
		if err != nil {
			return f, err
		}
		f.Routers, f.Orders = append(f.Routers, x.label), append(f.Orders, order)
	}
	counts, err := pairCounts(contenders)
	f.Counts = report.Block{Caption: "Every pair at 50 % strong calls", Table: counts}
	return f, err
}

// label is the benchmark's title, else its name.
func (s *contest) label() string {
	if s.title != "" {
		return s.title
	}
	return s.name
}

// pairCounts has one row a pair of routers: what becomes of the samples at half the calls.
func pairCounts(contenders []contender) (*table.Table, error) {
	t := &table.Table{Header: []string{"A - B", "rescues", "losses", "safe", "hard"}}
	half := compareOptions{At: 0.5, Seed: flipSeed}
	scores := make([][]float64, len(contenders))
	for k, x := range contenders {
		scores[k] = x.lineup.benches[0].scores[x.router]
	}
	routed, err := half.route(scores)
	if err != nil {
		return nil, err
	}
	for a := range routed {
		for b := a + 1; b < len(routed); b++ {
			d := half.decisions(contenders[0].lineup.benches[0], routed[a], routed[b])
			t.Add(contenders[a].label+" - "+contenders[b].label, thousands(d.Rescues), thousands(d.Losses), thousands(d.Safe), thousands(d.Hard))
		}
	}
	return t, nil
}
