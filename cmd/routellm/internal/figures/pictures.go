package figures

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/plots"
)

// ratingFigure returns figure 1.
func ratingFigure(all []rating) figure {
	f := figure{name: "figure-1", title: "Figure 1: quality against cost of the models",
		note: "Bradley-Terry ratings (Elo scale, mean 1000) from the built-in battles of the Chatbot Arena, with 95 % bootstrap intervals over the votes. " +
			"A vote that says only that the stronger model tied or lost counts as 0.56 of a tie and 0.44 of a loss, the shares among the votes that tell; the intervals take these shares as exact. A weak prior (precision 1) pulls ratings with few votes slightly towards the mean. " +
			"The numbers include list prices with their sources. Models without a sourced price appear only there."}
	s := plots.Scatter{
		Title:  "Quality against cost of the models",
		XLabel: "dollars per million tokens, input and output 1:1", YLabel: "rating, 95 % interval",
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
	f.pictures = []picture{{f.name, s}}
	return f
}

// metricFigure returns figure 2.
func metricFigure(s *EvaluatedBenchmark) figure {
	c := s.panel("The random router on MT Bench, and how the metrics are made", nil)
	weak, strong := c.Weak.Quality, c.Strong.Quality
	at := func(f float64) plots.Point {
		return plots.Point{StrongFraction: f, Quality: weak + f*(strong-weak)}
	}
	level := []plots.Point{{StrongFraction: 0, Quality: weak}, {StrongFraction: 1, Quality: weak}}
	c.Area = &plots.Area{Name: "APGR: this area, of strong - weak, 0.5", Lo: level, Hi: []plots.Point{at(0), at(1)}}
	c.Measures = []plots.Measure{
		{From: plots.Point{Quality: at(0.5).Quality}, To: at(0.5), Text: "CPT(50 %): calls for half the gap"},
		{From: plots.Point{StrongFraction: 0.6, Quality: weak}, To: at(0.6), Text: "PGR at 60 %: 0.6"},
		{From: plots.Point{StrongFraction: 0.97, Quality: weak}, To: plots.Point{StrongFraction: 0.97, Quality: strong}, Text: "strong - weak"},
	}
	return curveFigure("figure-2", "Figure 2: the random router and the metrics",
		"PGR is the recovered share of the quality gap between the models. APGR is the mean of PGR over all shares of strong calls. CPT is the smallest share of strong calls that recovers a given share of the gap.",
		[]plots.Curves{c}, []string{""})
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

// benchmarkFigure returns figure 3, 4 or 5. Both pictures have the same axes.
func benchmarkFigure(number int, s *EvaluatedBenchmark) figure {
	var pictures []plots.Curves
	var names []string
	for _, p := range panelsOf(s.Benchmark.Name) {
		pictures = append(pictures, s.panel(fmt.Sprintf("%s, %s, n = %s", s.Benchmark.Title, p.title, s.N), p.routers))
		names = append(names, p.name)
	}
	lo, hi := span(pictures)
	for i := range pictures {
		pictures[i].Include = []float64{lo, hi}
	}
	return curveFigure(fmt.Sprintf("figure-%d", number), fmt.Sprintf("Figure %d: %s", number, s.Benchmark.Title),
		"Left: routers trained on votes only. Right: routers trained also on other labels. The grey band holds, at each share of strong calls, 95 % of the results of random routing.", pictures, names)
}

// span returns the lowest and the highest quality on the pictures' lines.
func span(pictures []plots.Curves) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, c := range pictures {
		for _, l := range c.Lines {
			for _, p := range l.Points {
				lo, hi = min(lo, p.Quality), max(hi, p.Quality)
			}
		}
	}
	return lo, hi
}

// commercialFigure returns figure 6.
func commercialFigure(s *EvaluatedBenchmark, all []commercialRouter) figure {
	c := s.panel(fmt.Sprintf("Commercial routers on MT Bench, n = %s", s.N), commercialLines)
	c.Dots = dots(all)
	return curveFigure("figure-6", "Figure 6: commercial routers",
		"The commercial routers were graded on their own answers. The table \"Commercial routers\" compares them with ours.", []plots.Curves{c}, []string{""})
}

// pairFigure returns figure 7.
func pairFigure(pairs []*benchmarkMetrics) figure {
	var pictures []plots.Curves
	var names []string
	for i, r := range pairs {
		pictures = append(pictures, r.panel(fmt.Sprintf("%s, n = %s", Pairs()[i].Title, r.N), r.Routers))
		names = append(names, Pairs()[i].Name)
	}
	return curveFigure("figure-7", "Figure 7: other pairs of models, without retraining",
		"The routers were not retrained for these pairs. The publication evaluates another pair, on MT Bench: see table 4.", pictures, names)
}
