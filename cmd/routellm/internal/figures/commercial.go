package figures

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/plots"
)

// fixed is a commercial router on the questions that ours are evaluated on: one point.
type fixed struct {
	benchmarks.Commercial
	grades   []float64 // one a question
	grade    float64   // their mean
	fraction float64   // of strong calls; the published one where decisions are not known
	duels    map[string]duel
}

// duel is one of our routers against a commercial one.
type duel struct {
	ahead estimate // how much better ours is at the commercial one's share of strong calls
	needs estimate // the share of strong calls from which ours gives the commercial one's grade
}

// commercialRouters reads what was recorded of them on a setting's questions.
func commercialRouters(s *Setting) ([]fixed, error) {
	all, err := benchmarks.CommercialRouters()
	if err != nil {
		return nil, err
	}
	var out []fixed
	for _, c := range all {
		f := fixed{Commercial: c, fraction: c.PublishedFraction}
		row := map[string]int{}
		for i, id := range c.SampleID {
			row[id] = i
		}
		strong := 0.0
		for _, id := range s.Samples {
			i, ok := row[id]
			if !ok {
				return nil, fmt.Errorf("%s has no grade of question %q", c.Name, id)
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

// meet compares a commercial router with ours. Both are measured on the same resamples:
// question by question they are alike.
func (r *resampled) meet(f fixed) (map[string]duel, error) {
	names := r.pick(commercialLines)
	scores := make([][]float64, len(names))
	for k, name := range names {
		scores[k] = r.Scores[slices.Index(r.Routers, name)]
	}
	// Less the commercial grades, quality 0 is where ours draws level.
	o := r.Outcomes
	replicates, err := r.boot.Resample(eval.Outcomes{Strong: less(o.Strong, f.grades), Weak: less(o.Weak, f.grades)},
		r.Clusters, scores, eval.Points{Qualities: []float64{0}, Fractions: []float64{f.fraction}})
	out := map[string]duel{}
	for k, m := range replicates {
		c := r.router[names[k]].curve
		out[names[k]] = duel{
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

// commercialLines are our routers beside the commercial ones.
var commercialLines = []string{"mf@judge", "knn@judge", "mf", "knn"}

// commercialSheet compares fixed decisions with our curves.
func commercialSheet(r *resampled, all []fixed) sheet {
	s := sheet{name: "commercial", title: "Commercial routers on MT Bench"}
	s.csv.Header = []string{
		"commercial", "grade_all", "grade_all_published", "strong_fraction", "strong_fraction_published", "grade", "router",
		"needs", "needs_lo", "needs_hi", "needs_published", "ahead", "ahead_lo", "ahead_hi", "is",
	}
	s.page.Header = []string{"commercial router", "grade, all 80", "published", "strong calls", "published", "grade, the 72", "our router",
		"needs for the same grade", "published", "better by, at the same calls", "is"}
	s.page.Left = []int{6}
	for _, f := range all {
		for _, name := range r.pick(commercialLines) {
			ahead, needs := f.duels[name].ahead, f.duels[name].needs
			v := ahead.against(0, high)
			s.csv.Add(append(append(append([]string{f.Name, number(f.MeanGrade()), number(f.PublishedGrade), number(f.StrongFraction()),
				number(f.PublishedFraction), number(f.grade), name}, needs.numbers()...), number(f.PublishedNeeds)), append(ahead.numbers(), string(v))...)...)
			s.page.Add(f.Name, decimals(6)(f.MeanGrade()), decimals(6)(f.PublishedGrade), percent(f.StrongFraction()), percent(f.PublishedFraction),
				decimals(3)(f.grade), name, needs.show(percent), percent(f.PublishedNeeds), ahead.show(decimals(2)), v.word())
		}
	}
	s.notes = []string{
		"A router with fixed decisions is a point: its strong calls and its grade. Ours is compared at the same strong calls; the difference of the two grades has the interval, and decides. All intervals are over the questions: both grades come from the same resample.",
		"Unify says which model it chose, one a question: half of them strong. The published share cannot be recomputed from that. Martian does not say; its share is the published one.",
		"One of Unify's 160 grades is missing; the mean is over the others, as published.",
		"Unify's decisions, for `--router decisions:unify.csv`: [unify.csv](unify.csv).",
	}
	return s
}

// dots are the commercial routers in the figure.
func dots(all []fixed) []plots.Dot {
	var out []plots.Dot
	for _, f := range all {
		name := fmt.Sprintf("%s: %.0f %% strong calls, %.2f", f.Name, 100*f.fraction, f.grade)
		if math.IsNaN(f.StrongFraction()) {
			name = fmt.Sprintf("%s: about %.0f %% strong calls, %.2f", f.Name, 100*f.fraction, f.grade)
		}
		out = append(out, plots.Dot{Name: name, StrongFraction: f.fraction, Quality: f.grade})
	}
	return out
}
