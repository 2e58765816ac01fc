package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/cmd/routellm/internal/tidy"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// Pools writes results of pools as "json", "csv", "tidy", "markdown" or, for any other format, text.
// optimistic adds the optimistic figures to the last two. On a terminal, text fits its width.
func Pools(w io.Writer, d *results.Document, format string, optimistic bool) error {
	switch format {
	case "json":
		return d.Write(w)
	case "csv":
		return poolTable(d).CSV(w)
	case "tidy":
		return tidy.Document(d).CSV(w)
	}
	for i, p := range d.Pools {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := writePool(w, p, d.Conventions, format == "markdown", optimistic); err != nil {
			return err
		}
	}
	return nil
}

// writePool writes the heading, tables and footnotes of one pool.
func writePool(w io.Writer, p results.Pool, conventions results.Conventions, markdown, optimistic bool) error {
	poolHeading(w, p, markdown)
	tables := poolTables(p, conventions.Intervals)
	if optimistic && len(p.Routers) > 0 {
		tables = append(tables, optimisticTable(p))
	}
	if p.Compat != nil {
		tables = append(tables, compatPoolTable(p))
	}
	screen := TerminalOf(w)
	for _, t := range tables {
		fmt.Fprintln(w)
		write := t.Text
		switch {
		case markdown:
			write = t.Markdown
		case screen.Width > 0:
			t.Drop = dropOrder(t.Header, Confidence(conventions.Intervals))
			write = func(w io.Writer) error { return t.Screen(w, screen) }
		}
		if err := write(w); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	Footnotes(w, append(poolNotes(p, conventions.Intervals), figureNotes(p, optimistic)...), markdown)
	return nil
}

// poolHeading writes the title of a pool, the range of budgets and the excluded samples.
func poolHeading(w io.Writer, p results.Pool, markdown bool) {
	c := costUnitOf(p.Axis)
	samples := text.Plural(p.Samples, "sample")
	if p.Weighted {
		samples += " with weights"
	}
	title := fmt.Sprintf("%s: %s, %s, %s", poolTitle(p), samples, text.Plural(len(p.Models), "model"), c.name)
	var lines []string
	if p.Summary != nil {
		title = SummaryTitle(p.Samples, p.Summary)
		if p.Weighted {
			title += ", with weights"
		}
		lines = append(lines, text.Plural(len(p.Models), "model")+", "+c.name)
	}
	lines = append(lines, fmt.Sprintf("budgets: %s to %s", c.cost(p.Range.Lo), c.cost(p.Range.Hi)))
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
	out := []*table.Table{modelTable(p, i), liftTable(p, i), costForTable(p, i)}
	if len(p.Routers) > 0 {
		out = append(out, pointTable(p, i), mixTable(p))
	}
	return out
}

// modelTable has one row per model, always called, and per control with one operating point.
func modelTable(p results.Pool, i results.Intervals) *table.Table {
	c, u, with := costUnitOf(p.Axis), poolUnit(p), i.Method != "none"
	t := &table.Table{Header: []string{"always", "cost", "quality"}}
	if with {
		t.Header = append(t.Header, Confidence(i))
	}
	t.Header = append(t.Header, "")
	t.Left = []int{len(t.Header) - 1}
	add := func(name string, cost, quality results.Metric, role string) {
		row := []string{name, c.cost(cost.Value), u.Quality(quality.Value)}
		switch {
		case with && role == "control":
			row = append(row, "-")
		case with:
			row = append(row, u.short(quality))
		}
		t.Add(append(row, role)...)
	}
	for _, m := range p.Models {
		add(m.Name, m.Cost, m.Quality, roleOf(p, m))
	}
	control := func(name string, at results.PoolPoint) {
		add(name, results.NewMetric(float64(at.Cost)), results.NewMetric(float64(at.Quality)), "control")
	}
	control("a random model", p.Controls.Uniform)
	if x := p.Controls.PerTask; x != nil {
		control("the task's best model", *x)
	}
	return t
}

// roleOf says whether a model is the best or the cheapest one, and part of the static mix.
func roleOf(p results.Pool, m results.PoolModel) string {
	var roles []string
	for _, r := range []struct {
		is   bool
		name string
	}{{m.Name == p.Best, "best"}, {m.Name == p.Cheapest, "cheapest"}, {m.OnHull, "mix"}} {
		if r.is {
			roles = append(roles, r.name)
		}
	}
	return strings.Join(roles, ", ")
}

// measured is a row of the tables of metrics: a router or a control.
type measured struct {
	name string
	results.PoolMetrics
	control bool
}

// measuredRows returns the routers, the static mix and the oracle.
func measuredRows(p results.Pool) []measured {
	var rows []measured
	oracle := false
	for _, r := range p.Routers {
		rows = append(rows, measured{r.Name + poolMarks(r), r.Metrics, false})
		oracle = oracle || r.Name == "oracle"
	}
	rows = append(rows, measured{"static mix", p.Controls.StaticMetrics, true})
	if !oracle && p.Summary == nil {
		rows = append(rows, measured{"oracle", p.Controls.OracleMetrics, true})
	}
	return rows
}

// poolMarks returns what follows a router's name: as [Marks], with the static mix for random.
func poolMarks(r results.PoolRouter) string {
	return Marks(results.Router{Standing: r.Standing, AgainstRandom: r.AgainstStatic})
}

// liftTable has one row per router and control: its areas above the static mix.
func liftTable(p results.Pool, i results.Intervals) *table.Table {
	u, with := poolUnit(p), i.Method != "none"
	t := &table.Table{Header: []string{"router"}}
	for _, name := range []string{"lift", "log lift"} {
		if t.Header = append(t.Header, name); with {
			t.Header = append(t.Header, Confidence(i))
		}
	}
	t.Header = append(t.Header, "area")
	for _, r := range measuredRows(p) {
		row := []string{r.name}
		for _, m := range []results.Metric{r.Lift, r.LogLift} {
			value, interval := u.lift(m.Value), u.interval(m)
			if r.name == "static mix" {
				value, interval = "-", "-"
			} else if r.control {
				interval = "-"
			}
			if row = append(row, value); with {
				row = append(row, interval)
			}
		}
		t.Add(append(row, u.Quality(r.Area.Value))...)
	}
	return t
}

// costForTable has one row per router and control: the cost that reaches shares of the best
// model's quality.
func costForTable(p results.Pool, i results.Intervals) *table.Table {
	t := &table.Table{Header: []string{"router"}}
	shares := SortedKeys(p.Controls.StaticMetrics.CostFor)
	with := i.Method != "none" && len(shares) <= maxIntervals
	for _, k := range shares {
		if t.Header = append(t.Header, "for "+KeyPercent(k)); with {
			t.Header = append(t.Header, Confidence(i))
		}
	}
	for _, r := range measuredRows(p) {
		row := []string{r.name}
		for _, k := range shares {
			m := r.CostFor[k].Metric
			if row = append(row, costFor(p, m.Value)); with {
				row = append(row, costForInterval(r, m))
			}
		}
		t.Add(row...)
	}
	return t
}

// costFor writes the share of the best model's cost that reaches a quality: "never" if none does,
// and "?" if the best model costs nothing.
func costFor(p results.Pool, v results.Value) string {
	switch {
	case v.Exists():
		return fmt.Sprintf("%.1f %%", 100*float64(v))
	case freeBest(p):
		return "?"
	}
	return "never"
}

// freeBest reports whether the best model costs nothing.
func freeBest(p results.Pool) bool {
	for _, m := range p.Models {
		if m.Name == p.Best {
			return m.Cost.Value == 0
		}
	}
	return false
}

func costForInterval(r measured, m results.Metric) string {
	if !m.Lo.Exists() && (r.control || !m.Value.Exists()) {
		return "-"
	}
	return endsOf(m, func(x float64) string {
		if x < 0.0995 {
			return ShortPercent(x)
		}
		return strconv.FormatFloat(100*x, 'f', 0, 64)
	})
}

// pointTable has one row per router and operating point, with what the same mix of models would
// give without looking at the prompts.
func pointTable(p results.Pool, i results.Intervals) *table.Table {
	c, u, with := costUnitOf(p.Axis), poolUnit(p), i.Method != "none"
	t := &table.Table{Header: []string{"router", "at", "cost", "quality", "over mix"}, Left: []int{1}}
	if with {
		t.Header = append(t.Header, Confidence(i))
	}
	t.Header = append(t.Header, "dealt")
	if p.Summary == nil {
		t.Header = append(t.Header, "sd")
	}
	for _, r := range p.Routers {
		for k, x := range r.Points {
			row := []string{r.Name, pointName(r, k), c.cost(x.Cost.Value), u.Quality(x.Quality.Value), u.lift(x.OverStatic.Value)}
			if with {
				row = append(row, u.interval(x.OverStatic))
			}
			row = append(row, u.plain(x.Dealt.Quality))
			if p.Summary == nil {
				row = append(row, u.plain(x.DealtSD))
			}
			t.Add(row...)
		}
	}
	return t
}

// pointName names an operating point of a router: its setting, the share of the best model's
// quality that it reaches, or the end of its path.
func pointName(r results.PoolRouter, k int) string {
	switch x := r.Points[k]; {
	case x.Setting != "":
		return x.Setting
	case x.Reaches.Exists():
		return KeyPercent(strconv.FormatFloat(float64(x.Reaches), 'g', -1, 64))
	case k == len(r.Points)-1:
		return "end"
	}
	return strconv.Itoa(k + 1)
}

// shownModels is the number of models of a mix that are named.
const shownModels = 3

// mixTable has one row per router and operating point: the models that answer, and their latency
// where it is known.
func mixTable(p results.Pool) *table.Table {
	t := &table.Table{Header: []string{"router", "at"}, Left: []int{1}}
	latency := false
	for _, r := range p.Routers {
		for _, x := range r.Points {
			latency = latency || x.LatencyP50.Exists()
		}
	}
	if latency {
		t.Header = append(t.Header, "p50 s", "p95 s")
	}
	t.Left = append(t.Left, len(t.Header))
	t.Header = append(t.Header, "models")
	for _, r := range p.Routers {
		for k, x := range r.Points {
			row := []string{r.Name, pointName(r, k)}
			if latency {
				row = append(row, ThreeDecimals(x.LatencyP50), ThreeDecimals(x.LatencyP95))
			}
			t.Add(append(row, mixOf(p, x.Mix))...)
		}
	}
	return t
}

// mixOf writes the models with the largest shares.
func mixOf(p results.Pool, mix map[string]results.Value) string {
	models := make([]string, 0, len(mix))
	for _, m := range p.Models {
		if mix[m.Name] > 0 {
			models = append(models, m.Name)
		}
	}
	slices.SortStableFunc(models, func(a, b string) int { return cmp.Compare(mix[b], mix[a]) })
	var parts []string
	for _, m := range models[:min(shownModels, len(models))] {
		if len(parts) == 0 || mix[m] >= 0.005 {
			parts = append(parts, fmt.Sprintf("%.0f %% %s", 100*float64(mix[m]), table.Clip(m, 14)))
		}
	}
	if n := len(models) - len(parts); n > 0 {
		parts = append(parts, fmt.Sprintf("+%d", n))
	}
	return strings.Join(parts, ", ")
}

// poolNotes returns the footnotes of a pool.
func poolNotes(p results.Pool, i results.Intervals) []string {
	notes := []string{
		"cost: " + costUnitOf(p.Axis).name + "; mix: part of the static mix, the best mixtures of models that look at no prompt",
		"lift: mean quality over the budgets above the static mix's; log lift: the same over the budgets' logarithm; for 95 %: cost that reaches 95 % of the best model's quality, in per cent of its cost",
	}
	if len(p.Routers) > 0 {
		notes = append(notes, pointNote(p))
	}
	notes = append(notes, poolExactNotes(p)...)
	notes = append(notes, poolIntervalNotes(p, i)...)
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

// pointNote explains the operating points.
func pointNote(p results.Pool) string {
	first, dealt := "the operating point that", ", with the standard deviation"
	if p.Summary != nil {
		first, dealt = "the operating point between two bins, which is exact, that", ""
	}
	return fmt.Sprintf("at: %s reaches this share of the best model's quality first; over mix: its quality above the static mix's at the same cost; dealt: the quality of its models dealt to prompts at random%s", first, dealt)
}

// poolIntervalNotes explains the marks and the intervals.
func poolIntervalNotes(p results.Pool, i results.Intervals) []string {
	if i.Method == "none" {
		return nil
	}
	marks := ""
	for _, r := range p.Routers {
		marks += poolMarks(r)
	}
	var notes []string
	for _, m := range []struct{ mark, means string }{{"*", "best by lift"}, {"~", "not significantly different from the best"}, {"!", "not significantly better than the static mix"}} {
		if strings.Contains(marks, m.mark) {
			notes = append(notes, m.mark+": "+m.means)
		}
	}
	out := []string{fmt.Sprintf("[]: %s interval from %s resamples; routers are not trained anew in them", Confidence(i), text.Thousands(i.Resamples))}
	if notes != nil {
		out = append([]string{strings.Join(notes, "; ") + " (" + Confidence(i) + ", adjusted for all comparisons)"}, out...)
	}
	return out
}
