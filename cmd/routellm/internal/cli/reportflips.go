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

// addFlips compares all routers of all files on the samples that all files have.
func addFlips(page *report.Page, lineups []*lineup) error {
	var contenders []contender
	for _, l := range lineups {
		contenders = append(contenders, argument{}.contenders(l)...)
	}
	if len(contenders) < 2 {
		return nil
	}
	if err := tellApart(contenders); err != nil {
		return err
	}
	notes, err := alignLineups(lineups, true)
	if err != nil {
		return err
	}
	page.Notes = append(page.Notes, notes...)
	for i := range lineups[0].benches {
		f, err := flipsOf(contenders, i)
		if err != nil {
			return err
		}
		f.ID = fmt.Sprintf("flips-%d", i+1)
		page.Flips = append(page.Flips, f)
	}
	return nil
}

// flipsOf compares the contenders on benchmark i of their aligned lineups.
func flipsOf(contenders []contender, i int) (report.Flips, error) {
	c := contenders[0].lineup.benches[i]
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
		order, err := eval.RouteOrder(x.lineup.benches[i].scores[x.router], flipSeed)
		if err != nil {
			return f, err
		}
		f.Routers, f.Orders = append(f.Routers, x.label), append(f.Orders, order)
	}
	counts, err := pairCounts(contenders, i)
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
func pairCounts(contenders []contender, i int) (*table.Table, error) {
	t := &table.Table{Header: []string{"A - B", "rescues", "losses", "safe", "hard"}}
	half := compareOptions{At: 0.5, Seed: flipSeed}
	scores := make([][]float64, len(contenders))
	for k, x := range contenders {
		scores[k] = x.lineup.benches[i].scores[x.router]
	}
	routed, err := half.route(scores)
	if err != nil {
		return nil, err
	}
	for a := range routed {
		for b := a + 1; b < len(routed); b++ {
			d := half.decisions(contenders[0].lineup.benches[i], routed[a], routed[b])
			t.Add(contenders[a].label+" - "+contenders[b].label, thousands(d.Rescues), thousands(d.Losses), thousands(d.Safe), thousands(d.Hard))
		}
	}
	return t, nil
}
