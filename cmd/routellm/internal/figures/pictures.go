package figures

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/plots"
)

// ratingFigure returns figure 1.
func ratingFigure(all []rating) figure {
	f := figure{name: "figure-1", title: "Figure 1: ratings of the models over their prices",
		note: "Each point is a model: its Bradley-Terry rating over its list price. The ratings come from the built-in battles of the Chatbot Arena, on the Elo scale with mean 1,000. Bars are 95 % bootstrap intervals over the votes. " +
			"Some votes say only that the stronger model did not win. Each of them counts as 0.56 of a tie and 0.44 of a loss, which are the shares among the votes that do say; the intervals take these shares as exact. A weak prior (precision 1) pulls ratings with few votes slightly towards the mean. " +
			"The file of numbers gives the source of each price. It also lists the models without a price, which the figure leaves out."}
	s := plots.Scatter{
		Title:  "Ratings of the models over their prices",
		XLabel: "US dollars per million tokens, input and output 1:1, log scale", YLabel: "rating, 95 % interval",
	}
	f.csv.Header = []string{"model", "battles", "rating", "lo", "hi", "input", "output", "price", "as_of", "source"}
	for _, r := range all {
		row := append([]string{r.model, fmt.Sprint(r.battles)}, r.numbers()...)
		if r.price == nil {
			f.csv.Add(append(row, "", "", "", "", "")...)
			continue
		}
		price := r.price.Blend(1, 1)
		f.csv.Add(append(row, number(r.price.Input), number(r.price.Output), number(price), r.price.AsOf, r.price.Source)...)
		s.Points = append(s.Points, plots.Spot{Name: r.model, X: price, Y: r.value, Lo: r.Lo, Hi: r.Hi})
	}
	f.picture = picture{f.name, s}
	return f
}

// metricFigure returns figure 2.
func metricFigure(s *EvaluatedBenchmark) figure {
	const title = "The random router on MT Bench, and how the metrics are defined"
	c := s.panel("", nil)
	weak, strong := c.Weak.Quality, c.Strong.Quality
	at := func(f float64) plots.Point {
		return plots.Point{StrongFraction: f, Quality: weak + f*(strong-weak)}
	}
	level := []plots.Point{{StrongFraction: 0, Quality: weak}, {StrongFraction: 1, Quality: weak}}
	c.Area = &plots.Area{Name: "APGR 0.5: this share of the area under the strong model", Lo: level, Hi: []plots.Point{at(0), at(1)}}
	c.Measures = []plots.Measure{
		{From: plots.Point{Quality: at(0.5).Quality}, To: at(0.5), Text: "CPT50: half the gap"},
		{From: plots.Point{StrongFraction: 0.6, Quality: weak}, To: at(0.6), Text: "PGR at 60 %: 0.6"},
		{From: plots.Point{StrongFraction: 0.97, Quality: weak}, To: plots.Point{StrongFraction: 0.97, Quality: strong}, Text: "the gap"},
	}
	return curveFigure("figure-2", "Figure 2: the random router and the metrics",
		"The gap is the strong model's quality minus the weak model's. PGR (performance gap recovered) is the share of the gap that a router recovers at some share of strong calls. APGR is the mean of PGR over all shares. CPT50 is the smallest share of strong calls that recovers 50 % of the gap.",
		plots.Panels{Title: title, Panels: []plots.Curves{c}}, []string{"random"})
}

// panel returns the curves of some routers, without their CPT marks.
func (s *EvaluatedBenchmark) panel(title string, routers []string) plots.Curves {
	c := s.Curves
	c.Title, c.Lines = title, nil
	for _, l := range s.Curves.Lines {
		if slices.Contains(routers, l.Name) {
			l.CPT = nil // three marks per curve would hide the seven curves
			c.Lines = append(c.Lines, l)
		}
	}
	return c
}

// benchmarkFigure returns figure 3, 4 or 5: two panels with the same axes, as in the publication.
func benchmarkFigure(number int, s *EvaluatedBenchmark) figure {
	p := plots.Panels{Title: fmt.Sprintf("%s, n = %s", s.Benchmark.Title, s.N), SameY: true}
	var names []string
	for i, part := range panelsOf(s.Benchmark.Name) {
		p.Panels = append(p.Panels, s.panel(fmt.Sprintf("(%c) %s", 'a'+i, part.title), part.routers))
		names = append(names, part.name)
	}
	return curveFigure(fmt.Sprintf("figure-%d", number), fmt.Sprintf("Figure %d: %s", number, s.Benchmark.Title), benchmarkNote(s.Benchmark.Name), p, names)
}

// benchmarkNote returns the caption of figure 3, 4 or 5.
func benchmarkNote(benchmark string) string {
	labels := "an LLM judge's grades as well (dashed)"
	if augmentation[benchmark] == "gold" {
		labels = "gold labels as well, which are correct answers to training questions (dashed and dotted)"
	}
	note := "(a) Routers trained on human votes only. (b) Routers trained on " + labels + ", or on votes, grades and gold labels together (solid). " +
		"At each share of strong calls, the grey band holds 95 % of the results of random routing."
	if benchmark == "gsm8k" {
		note += " Table 3 also has routers trained on gold labels, which the publication did not use here."
	}
	return note
}

// commercialFigure returns figure 6.
func commercialFigure(s *EvaluatedBenchmark, all []commercialRouter) figure {
	c := s.panel("", commercialLines)
	c.Dots = dots(all)
	return curveFigure("figure-6", "Figure 6: commercial routers",
		"Points are commercial routers, whose decisions are fixed; GPT-4 graded their own answers. Unify chose between GPT-4 Turbo and Mixtral 8x7B, like our routers. Martian chose between GPT-4 Turbo and Llama 2 70B. "+
			"The publication draws this second pair in a panel of its own. The program has no MT Bench grades of Llama 2 70B by the same judge, so it cannot draw our routers for that pair, and Martian's point stands beside the curves of the first. "+
			"The table \"Commercial routers on MT Bench\" compares both with ours.",
		plots.Panels{Title: fmt.Sprintf("Commercial routers on MT Bench, n = %s", s.N), Panels: []plots.Curves{c}}, []string{"mt-bench"})
}

// pairFigure returns figure 7. Its panels have different data, and so different axes.
func pairFigure(pairs []*benchmarkMetrics) figure {
	p := plots.Panels{Title: "Other pairs of models"}
	var names []string
	for i, r := range pairs {
		p.Panels = append(p.Panels, r.panel(fmt.Sprintf("(%c) %s", 'a'+i, Pairs()[i].Title), r.Routers))
		names = append(names, Pairs()[i].Name)
	}
	var sizes []string
	for i, r := range pairs {
		sizes = append(sizes, fmt.Sprintf("(%c) n = %s", 'a'+i, r.N))
	}
	return curveFigure("figure-7", "Figure 7: other pairs of models, without retraining",
		"The routers were not retrained for these pairs: "+strings.Join(sizes, ", ")+". The publication evaluates another pair, on MT Bench; see table 4.", p, names)
}
