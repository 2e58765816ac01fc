package render

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// writePool writes the heading, tables and footnotes of one pool.
func writePool(w io.Writer, p results.Pool, conventions results.Conventions, markdown bool) error {
	poolHeading(w, p, markdown)
	for _, t := range poolTables(p, conventions.Intervals) {
		fmt.Fprintln(w)
		write := t.Text
		if markdown {
			write = t.Markdown
		}
		if err := write(w); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	Footnotes(w, poolNotes(p, conventions.Intervals), markdown)
	return nil
}

// poolHeading writes the title of a pool, the range of budgets and the excluded samples.
func poolHeading(w io.Writer, p results.Pool, markdown bool) {
	c := costUnitOf(p.Axis)
	title := fmt.Sprintf("%s: %s, %s, %s", poolTitle(p), text.Plural(p.Samples, "sample"), text.Plural(len(p.Models), "model"), c.name)
	lines := []string{fmt.Sprintf("budgets: %s to %s", c.cost(p.Range.Lo), c.cost(p.Range.Hi))}
	if left := PoolExclusions(p.Excluded); left != "" {
		lines = append(lines, "left out: "+left)
	}
	mark, item := "", "  "
	if markdown {
		mark, item = "## ", "- "
		defer fmt.Fprintln(w)
	}
	fmt.Fprintln(w, mark+title)
	if markdown {
		fmt.Fprintln(w)
	}
	for _, line := range lines {
		fmt.Fprintln(w, item+line)
	}
}

func poolTitle(p results.Pool) string { return Title(results.Benchmark{Name: p.Name, Title: p.Title}) }

// PoolExclusions lists the number of excluded samples by reason, "" if there are none.
func PoolExclusions(x results.Excluded) string {
	return strings.Replace(Exclusions(x), "not measured on both models", "without a quality or cost of a model", 1)
}

// poolTables returns the tables of a pool.
func poolTables(p results.Pool, i results.Intervals) []*table.Table {
	out := []*table.Table{modelTable(p, i), controlTable(p)}
	if len(p.Routers) > 0 {
		out = append(out, liftTable(p, i), costForTable(p, i), pointTable(p))
	}
	return out
}

// modelTable has one row per model, always called.
func modelTable(p results.Pool, i results.Intervals) *table.Table {
	c, u := costUnitOf(p.Axis), poolUnit(p)
	t := &table.Table{Header: []string{"model", "cost", "quality"}}
	with := i.Method != "none"
	if with {
		t.Header = append(t.Header, Confidence(i))
	}
	t.Header = append(t.Header, "static mix", "")
	t.Left = []int{len(t.Header) - 1}
	for _, m := range p.Models {
		row := []string{m.Name, c.cost(m.Cost.Value), u.Quality(m.Quality.Value)}
		if with {
			row = append(row, u.interval(m.Quality))
		}
		t.Add(append(row, map[bool]string{true: "yes", false: "-"}[m.OnHull], modelMark(p, m.Name))...)
	}
	return t
}

// modelMark says whether a model is the best or the cheapest one.
func modelMark(p results.Pool, model string) string {
	var marks []string
	for _, m := range []struct{ name, mark string }{{p.Best, "best"}, {p.Cheapest, "cheapest"}} {
		if m.name == model {
			marks = append(marks, m.mark)
		}
	}
	return strings.Join(marks, ", ")
}

// controlTable has one row per control that has a single operating point.
func controlTable(p results.Pool) *table.Table {
	c, u, x := costUnitOf(p.Axis), poolUnit(p), p.Controls
	t := &table.Table{Header: []string{"control", "cost", "quality"}}
	add := func(name string, at results.PoolPoint) { t.Add(name, c.cost(at.Cost), u.Quality(at.Quality)) }
	add("uniform random", x.Uniform)
	if x.PerTask != nil {
		add("best model per task", *x.PerTask)
	}
	if len(x.Oracle) > 0 {
		add("oracle", x.Oracle[len(x.Oracle)-1])
	}
	return t
}

// liftTable has one row per router: its areas above the static mix.
func liftTable(p results.Pool, i results.Intervals) *table.Table {
	u, with := poolUnit(p), i.Method != "none"
	t := &table.Table{Header: []string{"router"}}
	add := func(name string) {
		if t.Header = append(t.Header, name); with {
			t.Header = append(t.Header, Confidence(i))
		}
	}
	add("lift")
	add("log lift")
	t.Header = append(t.Header, "area")
	for _, r := range p.Routers {
		row := []string{r.Name}
		for _, m := range []results.Metric{r.Metrics.Lift, r.Metrics.LogLift} {
			if row = append(row, u.lift(m.Value)); with {
				row = append(row, u.interval(m))
			}
		}
		t.Add(append(row, u.Quality(r.Metrics.Area.Value))...)
	}
	return t
}

// costForTable has one row per router: the cost that reaches shares of the best model's quality.
func costForTable(p results.Pool, i results.Intervals) *table.Table {
	t := &table.Table{Header: []string{"router"}}
	shares := SortedKeys(p.Routers[0].Metrics.CostFor)
	with := i.Method != "none" && len(shares) <= maxIntervals
	for _, k := range shares {
		if t.Header = append(t.Header, "cost for "+KeyPercent(k)); with {
			t.Header = append(t.Header, Confidence(i))
		}
	}
	for _, r := range p.Routers {
		row := []string{r.Name}
		for _, k := range shares {
			m := r.Metrics.CostFor[k].Metric
			if row = append(row, percentOrNever(m.Value)); with {
				row = append(row, endsOf(m, ShortPercent))
			}
		}
		t.Add(row...)
	}
	return t
}

// pointTable has one row per router and operating point, with what the same mix of models would
// give without looking at the prompts.
func pointTable(p results.Pool) *table.Table {
	c, u := costUnitOf(p.Axis), poolUnit(p)
	t := &table.Table{Header: []string{"router", "cost", "quality", "static mix", "dealt", "sd"}}
	for _, r := range p.Routers {
		for _, x := range r.Points {
			t.Add(r.Name, c.cost(x.Cost), u.Quality(x.Quality), u.Quality(x.StaticAt), u.Quality(x.Dealt.Quality), u.Quality(x.DealtSD))
		}
	}
	return t
}

// poolNotes returns the footnotes of a pool.
func poolNotes(p results.Pool, i results.Intervals) []string {
	c := costUnitOf(p.Axis)
	notes := []string{
		"cost: " + c.name + "; static mix: the best mixtures of models that look at no prompt",
		"lift: mean quality over the budgets above the static mix's; log lift: the same over the budgets' logarithm; cost for: cost that reaches that share of the best model's quality, in per cent of its cost",
		"dealt: the operating point's mix of models dealt to prompts at random, with its standard deviation",
	}
	for _, w := range p.Warnings {
		notes = append(notes, "warning: "+w)
	}
	for _, r := range p.Routers {
		for _, w := range r.Warnings {
			notes = append(notes, "warning: "+r.Name+": "+w)
		}
	}
	return notes
}

// poolTable returns the results of pools as one wide table: one row per model, control and router.
func poolTable(d *results.Document) *table.Table {
	t := &table.Table{Header: []string{"benchmark", "axis", "samples", "kind", "name", "cost", "quality"}}
	for _, p := range d.Pools {
		add := func(kind, name string, at results.PoolPoint) {
			t.Add(p.Name, string(p.Axis), strconv.Itoa(p.Samples), kind, name, Exact(at.Cost), Exact(at.Quality))
		}
		for _, m := range p.Models {
			add("model", m.Name, results.PoolPoint{Cost: m.Cost.Value, Quality: m.Quality.Value})
		}
		add("control", "uniform random", p.Controls.Uniform)
	}
	return t
}
