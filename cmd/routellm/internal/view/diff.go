package view

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// resamples is the number of bootstrap resamples behind an interval here: fewer than compare takes, as
// somebody waits for the page.
const resamples = 500

// diff answers with what differs between two results.
func (s *Server) diff(w http.ResponseWriter, r *http.Request) {
	files := s.asked(w, r.FormValue("a"), r.FormValue("b"))
	if files == nil {
		return
	}
	s.page(w, r, statesOf(files), func(ctx context.Context) (func(io.Writer) error, error) {
		p, err := s.difference(ctx, files)
		return p.HTML, err
	})
}

// difference makes the page of two results. Results of pools and of summaries have no samples to compare.
func (s *Server) difference(ctx context.Context, files []found) (report.Page, error) {
	sets, err := s.read(ctx, files, false)
	if err != nil {
		return report.Page{}, err
	}
	a, b := sets[0].Document, sets[1].Document
	query := url.Values{"a": {files[0].key}, "b": {files[1].key}}
	p := report.Page{
		Title: files[0].name + " and " + files[1].name, Live: live(files...), Up: "/",
		Notes: []string{"A is " + files[0].name + ", B is " + files[1].name + ". A difference is B less A."},
		Links: []report.Link{{Text: "Both in one report", Href: "/both?" + query.Encode()}, {Text: "A", Href: "/r/" + files[0].key}, {Text: "B", Href: "/r/" + files[1].key}},
	}
	for i, x := range a.Benchmarks {
		k := slices.IndexFunc(b.Benchmarks, func(y results.Benchmark) bool { return y.Name == x.Name })
		if k < 0 {
			continue
		}
		d := differing{a: x, b: b.Benchmarks[k], sets: cut(sets, x.Name)}
		part, err := d.picture(ctx)
		if err != nil {
			return p, err
		}
		part.ID = fmt.Sprintf("benchmark-%d", i+1)
		part.Tables = append(part.Tables, report.Block{Caption: "What was evaluated", Table: evaluated(a, b, i, k)})
		p.Pictures = append(p.Pictures, part)
	}
	for i, x := range a.Pools {
		if k := slices.IndexFunc(b.Pools, func(y results.Pool) bool { return y.Name == x.Name }); k >= 0 {
			part := poolPicture(x, b.Pools[k])
			part.ID = fmt.Sprintf("pool-%d", i+1)
			p.Pictures = append(p.Pictures, part)
		}
	}
	if len(p.Pictures) == 0 {
		p.Notes = append(p.Notes, "They have no benchmark in common.")
	}
	return p, nil
}

// cut returns the sets with one benchmark alone. It leaves out a set without its samples.
func cut(sets []*harness.ScoreSet, name string) []*harness.ScoreSet {
	var out []*harness.ScoreSet
	for _, s := range sets {
		for _, b := range s.Benchmarks {
			if b.Name == name {
				one := *s
				one.Benchmarks = []*harness.ScoredBenchmark{b}
				out = append(out, &one)
			}
		}
	}
	return out
}

// differing is a benchmark in two results.
type differing struct {
	a, b results.Benchmark
	sets []*harness.ScoreSet // the sets of both results, cut down to this benchmark; fewer than two without samples
}

// picture returns the part of the page about a benchmark.
func (d differing) picture(ctx context.Context) (report.Picture, error) {
	out := report.Picture{Title: render.Title(d.a)}
	metrics := &table.Table{Header: []string{"router", "APGR, A", "APGR, B", "difference", "95 %", "CPT50, A", "CPT50, B", "difference", "quality @ 50 %, A", "quality @ 50 %, B", "difference"}}
	decisions := &table.Table{Header: []string{"router", "B better", "B worse", "as good and right", "as good and wrong"}}
	paired, reason := 0, ""
	for _, both := range d.common() {
		pair, why, err := d.compare(ctx, both[0].Name)
		if err != nil {
			return out, err
		}
		if metrics.Add(row(both[0], both[1], pair, render.UnitOf(d.a))...); pair == nil {
			reason = why
			continue
		}
		paired++
		if c := pair.Decisions; c != nil {
			decisions.Add(both[0].Name, text.Thousands(c.Rescues), text.Thousands(c.Losses), text.Thousands(c.Safe), text.Thousands(c.Hard))
		}
		out.Summary = append(out.Summary, significant(both[0], pair.Difference)...)
	}
	switch {
	case len(metrics.Rows) == 0:
		out.Summary = append(out.Summary, "No router is in both.")
	case paired == 0:
		out.Summary = append(out.Summary, "Differences have no intervals: "+reason+".")
	default:
		if len(out.Summary) == 0 {
			out.Summary = append(out.Summary, "No router differs significantly.")
		}
		out.Summary = append(out.Summary, fmt.Sprintf("Differences in APGR are paired, on the %s that both results have, with 95 %% intervals from %d resamples, not adjusted for the number of routers. Other columns are as each result has them.",
			text.Plural(len(d.sets[0].Benchmarks[0].IDs), "sample"), resamples))
	}
	if only := onlyIn(d.a, d.b, "A") + onlyIn(d.b, d.a, "B"); only != "" {
		out.Summary = append(out.Summary, strings.TrimSpace(only))
	}
	for _, b := range []report.Block{{Caption: "Metrics side by side", Table: metrics}, {Caption: "Answers at 50 % strong calls, sample by sample", Table: decisions}} {
		if len(b.Table.Rows) > 0 {
			out.Tables = append(out.Tables, b)
		}
	}
	return out, nil
}

// common returns the routers with a curve that are in both results.
func (d differing) common() [][2]results.Router {
	var out [][2]results.Router
	for _, x := range d.a.Routers {
		k := slices.IndexFunc(d.b.Routers, func(y results.Router) bool { return y.Name == x.Name })
		if k >= 0 && x.Point == nil && d.b.Routers[k].Point == nil {
			out = append(out, [2]results.Router{x, d.b.Routers[k]})
		}
	}
	return out
}

// row returns the metrics of a router in A and in B. Without a paired difference there is no interval.
func row(x, y results.Router, pair *results.ComparedPair, u render.Unit) []string {
	difference, interval := render.Number(y.Metrics.APGR.Value-x.Metrics.APGR.Value, x), "?"
	if pair != nil {
		difference, interval = render.Number(pair.Difference.Value, x), render.Interval(pair.Difference, x, render.ShortNumber)
	}
	cpt := func(r results.Router) results.Value { return valueOf(r.Metrics.CPT["50"].Metric, r.Metrics.CPT != nil) }
	at := func(r results.Router) results.Value {
		m, ok := r.Metrics.QualityAt["0.5"]
		return valueOf(m, ok)
	}
	return []string{
		x.Name, render.Number(x.Metrics.APGR.Value, x), render.Number(y.Metrics.APGR.Value, y), difference, interval,
		render.Percent(cpt(x), x), render.Percent(cpt(y), y), render.Percent(cpt(y)-cpt(x), x),
		u.Metric(at(x), x), u.Metric(at(y), y), u.Metric(at(y)-at(x), x),
	}
}

// valueOf returns a metric's value, a missing one unless the results have it.
func valueOf(m results.Metric, known bool) results.Value {
	if !known {
		return results.Missing
	}
	return m.Value
}

// significant says that a router differs between A and B, if its interval excludes 0.
func significant(r results.Router, d results.Metric) []string {
	if !d.Lo.Exists() || !d.Hi.Exists() || d.Lo <= 0 && d.Hi >= 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s is %s in B: its APGR differs by %s, and the 95 %% interval %s excludes 0.",
		r.Name, word(d.Value > 0, "better", "worse"), render.Number(d.Value, r), render.Interval(d, r, render.ShortNumber))}
}

func word(yes bool, one, other string) string {
	if yes {
		return one
	}
	return other
}

// onlyIn names the routers of one result that the other lacks.
func onlyIn(a, b results.Benchmark, name string) string {
	var out []string
	for _, r := range a.Routers {
		if !slices.ContainsFunc(b.Routers, func(o results.Router) bool { return o.Name == r.Name }) {
			out = append(out, r.Name)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return fmt.Sprintf("Only in %s: %s. ", name, strings.Join(out, ", "))
}

// compare compares a router of B with that of A on the samples that both have. It returns nil, and the
// reason, if they cannot be compared.
func (d differing) compare(ctx context.Context, router string) (*results.ComparedPair, string, error) {
	if len(d.sets) < 2 {
		return nil, "a result has no samples", nil
	}
	var pair []harness.Contender
	for i, label := range []string{"B", "A"} {
		set := d.sets[1-i]
		k := slices.Index(set.Routers, router)
		if k < 0 {
			return nil, "a result has no scores of " + router, nil
		}
		pair = append(pair, harness.Contender{Label: label, Set: set, Router: k})
	}
	o := harness.DefaultCompare()
	o.Resamples, o.Permutations, o.Common = resamples, 0, true
	doc, err := harness.Compare(ctx, d.sets, pair, o)
	if ctx.Err() != nil {
		return nil, "", ctx.Err()
	}
	if err != nil {
		return nil, err.Error(), nil
	}
	return &doc.Benchmarks[0].Pairs[0], "", nil
}

// evaluated returns what two results are about, side by side: benchmark i of a and benchmark k of b.
func evaluated(a, b *results.Document, i, k int) *table.Table {
	t := &table.Table{Header: []string{"part", "A", "B", "same"}, Left: []int{1, 2, 3}}
	add := func(name, a, b string) { t.Add(name, a, b, word(a == b, "yes", "no")) }
	x, y := a.Benchmarks[i], b.Benchmarks[k]
	u := render.UnitOf(x)
	data := func(d *results.Document, i int) string {
		if i >= len(d.Inputs) {
			return "-"
		}
		in := d.Inputs[i]
		return in.Builtin + in.Path + " " + in.SHA256[:min(12, len(in.SHA256))]
	}
	add("data and digest", data(a, i), data(b, k))
	add("strong model", x.Pair.Strong, y.Pair.Strong)
	add("weak model", x.Pair.Weak, y.Pair.Weak)
	add("samples", text.Thousands(x.Samples), text.Thousands(y.Samples))
	add("strong model's quality", u.Quality(x.StrongQuality), u.Quality(y.StrongQuality))
	add("weak model's quality", u.Quality(x.WeakQuality), u.Quality(y.WeakQuality))
	add("written by", a.Tool.Name+" "+a.Tool.Version, b.Tool.Name+" "+b.Tool.Version)
	return t
}

// poolPicture returns the part of the page about routers among several models.
func poolPicture(a, b results.Pool) report.Picture {
	u := render.PoolUnit(a)
	t := &table.Table{Header: []string{"router", "lift, A", "lift, B", "difference"}}
	for _, x := range a.Routers {
		k := slices.IndexFunc(b.Routers, func(y results.PoolRouter) bool { return y.Name == x.Name })
		if k < 0 {
			continue
		}
		y := b.Routers[k]
		t.Add(x.Name, u.Quality(x.Metrics.Lift.Value), u.Quality(y.Metrics.Lift.Value), u.Quality(y.Metrics.Lift.Value-x.Metrics.Lift.Value))
	}
	return report.Picture{
		Title: render.PoolTitle(a), Tables: []report.Block{{Caption: "Lift side by side", Table: t}},
		Summary: []string{"Differences of lift have no intervals here: routellm compare --models all gives them."},
	}
}
