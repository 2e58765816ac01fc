package figures

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/plots"
)

// commercialRouter is a commercial router on the questions that our routers are evaluated
// on. Its decisions are fixed, so it has one operating point.
type commercialRouter struct {
	benchmarks.Commercial
	grades   []float64             // one grade per question
	grade    float64               // mean grade
	fraction float64               // share of strong calls in [0,1]; the published one if the decisions are unknown
	against  map[string]headToHead // comparison with each of our routers, by name
}

// headToHead compares one of our routers with a commercial one.
type headToHead struct {
	ahead estimate // our grade minus the commercial router's, at its share of strong calls
	needs estimate // smallest share of strong calls at which ours reaches the commercial router's grade
}

// commercialRouters reads the commercial routers' grades and decisions on a benchmark's
// evaluated questions.
func commercialRouters(s *EvaluatedBenchmark) ([]commercialRouter, error) {
	all, err := benchmarks.CommercialRouters()
	if err != nil {
		return nil, err
	}
	var out []commercialRouter
	for _, c := range all {
		f := commercialRouter{Commercial: c, fraction: c.PublishedFraction}
		row := map[string]int{}
		for i, id := range c.SampleID {
			row[id] = i
		}
		strong := 0.0
		for _, id := range s.Samples {
			i, ok := row[id]
			if !ok {
				return nil, fmt.Errorf("the recorded grades of %s lack question %q", c.Name, id)
			}
			f.grades = append(f.grades, c.Grade(i))
			f.grade += c.Grade(i) / float64(len(s.Samples))
			if c.Strong != nil && c.Strong[i] {
				strong++
			}
		}
		if c.Strong != nil {
			f.fraction = strong / float64(len(s.Samples))
		}
		out = append(out, f)
	}
	return out, nil
}

// compareWith compares a commercial router with ours on the same resamples. The comparison
// is paired, as a question that is hard for one router is often hard for the other.
func (r *benchmarkMetrics) compareWith(f commercialRouter) (map[string]headToHead, error) {
	names := r.pick(commercialLines)
	scores := make([][]float64, len(names))
	for k, name := range names {
		scores[k] = r.Scores[slices.Index(r.Routers, name)]
	}
	// With the commercial grades subtracted, quality 0 means that ours has the same grade.
	o := r.Outcomes
	replicates, err := r.boot.Resample(eval.Outcomes{Strong: less(o.Strong, f.grades), Weak: less(o.Weak, f.grades)},
		r.Clusters, scores, eval.Points{Qualities: []float64{0}, Fractions: []float64{f.fraction}})
	out := map[string]headToHead{}
	for k, m := range replicates {
		c := r.router[names[k]].curve
		out[names[k]] = headToHead{
			ahead: estimate{c.QualityAt(f.fraction) - f.grade, eval.Percentile(m.QualityAt[0], r.boot.Confidence)},
			needs: estimate{c.FractionFor(f.grade), eval.Percentile(m.FractionFor[0], r.boot.Confidence)},
		}
	}
	return out, err
}

func less(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range out {
		out[i] = a[i] - b[i]
	}
	return out
}

// commercialLines lists our routers that are compared with the commercial ones.
var commercialLines = []string{"mf@judge", "knn@judge", "mf", "knn"}

// commercialSheet returns the table that compares the commercial routers with ours.
func commercialSheet(r *benchmarkMetrics, all []commercialRouter) sheet {
	s := sheet{name: "commercial", title: "Commercial routers on MT Bench"}
	s.csv.Header = []string{
		"commercial", "grade_all", "grade_all_published", "strong_fraction", "strong_fraction_published", "grade", "router",
		"needs", "needs_lo", "needs_hi", "needs_published", "ahead", "ahead_lo", "ahead_hi", "is",
	}
	s.page.Header = []string{"commercial router", "grade, 80 questions", "published", "strong calls", "published", "grade, 72 questions", "our router",
		"its calls for the same grade", "published", "its lead at the same calls", "verdict"}
	s.page.Left = []int{6}
	for _, f := range all {
		for _, name := range r.pick(commercialLines) {
			ahead, needs := f.against[name].ahead, f.against[name].needs
			v := ahead.against(0, high)
			s.csv.Add(append(append(append([]string{f.Name, number(f.MeanGrade()), number(f.PublishedGrade), number(f.StrongFraction()),
				number(f.PublishedFraction), number(f.grade), name}, needs.numbers()...), number(f.PublishedNeeds)), append(ahead.numbers(), string(v))...)...)
			s.page.Add(f.Name, decimals(6)(f.MeanGrade()), decimals(6)(f.PublishedGrade), percent(f.StrongFraction()), percent(f.PublishedFraction),
				decimals(3)(f.grade), name, needs.show(percent), percent(f.PublishedNeeds), ahead.show(decimals(2)), v.word())
		}
	}
	s.notes = []string{
		"A router with fixed decisions has one operating point: its share of strong calls and its grade. The verdict compares our router at the same share of strong calls: it follows from the interval of the difference between the two grades. All intervals are over resampled questions, with both grades from the same resample.",
		"Unify names the model that answered each question; half of them are strong, which does not reproduce the published share. Martian names no models, so its share is the published one.",
		"One of Unify's 160 grades is missing; the mean is over the others, as published.",
		"Unify's decisions, for `--router decisions:unify.csv`: [unify.csv](unify.csv).",
	}
	return s
}

// dots returns the commercial routers as points for figure 6.
func dots(all []commercialRouter) []plots.Dot {
	var out []plots.Dot
	for _, f := range all {
		about := ""
		if math.IsNaN(f.StrongFraction()) {
			about = "about "
		}
		name := fmt.Sprintf("%s: %s%.0f %% of calls, %.2f", f.Name, about, 100*f.fraction, f.grade)
		if f.Name == "martian" {
			name += " (with Llama 2 70B)"
		}
		out = append(out, plots.Dot{Name: name, StrongFraction: f.fraction, Quality: f.grade, Of: f.Name})
	}
	return out
}
