package plots

import (
	"fmt"
	"math"
)

// concave returns an artificial curve of n + 1 points from weak to strong. The larger bend is,
// the faster it rises at first; bend 0 gives the random router's line.
func concave(n int, weak, strong, bend float64) []Point {
	ps := make([]Point, n+1)
	for i := range ps {
		x := float64(i) / float64(n)
		y := (1-bend)*x + bend*math.Sqrt(x)
		ps[i] = Point{x, weak + (strong-weak)*y}
	}
	return ps
}

// crossings returns the markers at which a curve first recovers 20, 50 and 80 % of the gap.
func crossings(ps []Point) []Marker {
	weak, strong := ps[0].Quality, ps[len(ps)-1].Quality
	var ms []Marker
	for _, percent := range []int{20, 50, 80} {
		for _, p := range ps {
			if 100*(p.Quality-weak) >= float64(percent)*(strong-weak) {
				ms = append(ms, Marker{percent, p.StrongFraction, p.Quality})
				break
			}
		}
	}
	return ms
}

// raised returns a curve moved up.
func raised(ps []Point, by float64) []Point {
	out := make([]Point, len(ps))
	for i, p := range ps {
		out[i] = Point{p.StrongFraction, p.Quality + by}
	}
	return out
}

// band returns the random router's band for n samples whose gains have the standard deviation
// sd.
func band(weak, strong, sd float64, n int) *Band {
	b := Band{Mid: concave(1, weak, strong, 0)}
	for _, p := range concave(100, weak, strong, 0) {
		half := 1.96 * sd * math.Sqrt(p.StrongFraction*(1-p.StrongFraction)/float64(n))
		b.Lo = append(b.Lo, Point{p.StrongFraction, p.Quality - half})
		b.Hi = append(b.Hi, Point{p.StrongFraction, p.Quality + half})
	}
	return &b
}

// accuracy returns a figure with MMLU's scale and the given number of routers.
func accuracy(routers int) Curves {
	c := Curves{
		Title:  "MMLU: gpt-4-1106-preview / mistralai/Mixtral-8x7B-Instruct-v0.1, n = 14,037",
		YLabel: "accuracy (%)", YScale: 100,
		Strong: Level{"gpt-4-1106-preview", 0.8060},
		Weak:   Level{"mistralai/Mixtral-8x7B-Instruct-v0.1", 0.6814},
		Random: band(0.6814, 0.8060, 0.45, 14037),
	}
	names := []string{"mf@judge", "sw_ranking", "bert", "causal_llm", "knn", "length"}
	for i := range routers {
		name := names[i%len(names)]
		if i >= len(names) {
			name = fmt.Sprintf("%s@gold-%d", name, i)
		}
		ps := concave(14037, 0.6814, 0.8060, 0.9-0.08*float64(i))
		c.Lines = append(c.Lines, Line{Name: name, Points: ps, CPT: crossings(ps)})
	}
	return c
}

// grades returns a figure with MT Bench's scale and two routers with fixed decisions.
func grades() Curves {
	c := Curves{
		Title:  "MT Bench: gpt-4-1106-preview / mistralai/Mixtral-8x7B-Instruct-v0.1, n = 72",
		YLabel: "grade (1 to 10)", YScale: 1,
		Strong: Level{"gpt-4-1106-preview", 9.29},
		Weak:   Level{"mistralai/Mixtral-8x7B-Instruct-v0.1", 8.35},
		Random: band(8.35, 9.29, 1.2, 72),
		Dots:   []Dot{{Name: "unify", StrongFraction: 0.45, Quality: 8.62}, {Name: "martian", StrongFraction: 0.7, Quality: 8.8}},
		Shade:  "shaded: simultaneous 95 % band",
	}
	for i, name := range []string{"mf@judge", "sw_ranking", "random forest ≥ é"} {
		ps := concave(72, 8.35, 9.29, 0.8-0.5*float64(i))
		c.Lines = append(c.Lines, Line{Name: name, Points: ps, CPT: crossings(ps), Lo: raised(ps, -0.3), Hi: raised(ps, 0.3)})
	}
	return c
}

// longNames returns a figure whose texts are too long to fit.
func longNames() Curves {
	c := accuracy(3)
	for i := range c.Lines {
		c.Lines[i].Name = fmt.Sprintf("experiment-2024-%d=some-organisation/a-router-with-a-very-long-name-that-nobody-should-use-in-a-figure-but-somebody-will@judge-%d", i, i)
	}
	c.Title = "MMLU, contaminated and training prompts left out: some-organisation/strong-model-with-a-long-name-instruct-v1.0-awq / " +
		"another-organisation/weak-model-with-a-long-name-instruct-v0.1-gguf, n = 14,037, seed 1"
	c.YLabel = "share of questions that were answered right, of those neither contaminated nor used in training (%)"
	return c
}

// detectable returns a figure of two data sets. The point of the smaller one lies outside the
// figure.
func detectable() Curves {
	line := func(name string, samples int, unit float64) SizeLine {
		return SizeLine{name, samples, func(n int) float64 { return unit / math.Sqrt(float64(n)) }}
	}
	return Detectable{
		Title: "smallest difference between two routers", Margin: 0.02,
		Lines: []SizeLine{line("MMLU", 14037, 3), line("tiny", 5, 1.5)},
	}.Curves()
}

// construction returns a figure that explains the metrics on the random router's line.
func construction() Curves {
	const weak, strong = 8.28, 9.21
	line := concave(1, weak, strong, 0)
	at := func(c float64) Point { return Point{c, weak + c*(strong-weak)} }
	return Curves{
		Title: "The metrics on a random router", YLabel: "grade (1 to 10)",
		Strong: Level{"big", strong}, Weak: Level{"small", weak},
		Random: band(weak, strong, 1.2, 72),
		Area:   &Area{"APGR: the shaded share of the gap", []Point{{0, weak}, {1, weak}}, line},
		Measures: []Measure{
			{Point{0, at(0.5).Quality}, at(0.5), "CPT(50 %): half the gap"},
			{Point{0.6, weak}, at(0.6), "PGR at 60 % of calls"},
			{Point{0.97, weak}, Point{0.97, strong}, "the gap"},
		},
		Include: []float64{9.5},
	}
}

// ratings returns a scatter with points in the same place, at the same price and at the edges.
func ratings() Scatter {
	s := Scatter{Title: "Ratings over prices", XLabel: "dollars per million tokens", YLabel: "rating"}
	for i, x := range []float64{0.24, 0.24, 0.9, 1.5, 16, 16, 20, 20, 45, 45} {
		y := 1000 + 25*float64(i%7)
		s.Points = append(s.Points, Spot{fmt.Sprintf("a-model-with-a-name-%d", i), x, y, y - 15, y + 20})
	}
	return s
}

// elevenModels returns a pool whose models cost from 0.05 to 4 USD, some of them nearly the same.
func elevenModels() Pool {
	p := Pool{Title: "Eleven models, n = 365", XLabel: "USD per 1,000 prompts", YLabel: "accuracy (%)", YScale: 100}
	for i, x := range []CostPoint{{0.05, 0.30}, {0.07, 0.44}, {0.14, 0.56}, {0.17, 0.22}, {0.19, 0.685}, {0.2, 0.305}, {0.24, 0.637}, {0.244, 0.634}, {2.2, 0.626}, {2.5, 0.639}, {3.6, 0.78}} {
		p.Models = append(p.Models, PoolModel{Name: fmt.Sprintf("a-model-with-a-name-%d", i), CostPoint: x, Lo: x.Quality - 0.04, Hi: x.Quality + 0.04})
	}
	p.Static = []CostPoint{{0.05, 0.30}, {0.07, 0.44}, {0.19, 0.685}, {3.6, 0.78}}
	p.Oracle = []CostPoint{{0.045, 0.32}, {0.06, 0.6}, {0.1, 0.85}, {0.2, 0.9}}
	p.Routers = []CostLine{
		{"knn", []CostPoint{{0.05, 0.31}, {0.13, 0.66}, {0.12, 0.65}, {0.2, 0.70}, {1.7, 0.735}}},
		{"linear", []CostPoint{{0.05, 0.31}, {0.1, 0.58}, {0.22, 0.70}, {1, 0.75}, {3, 0.785}}},
	}
	p.Dots = []CostDot{{"cascade", CostPoint{0.4, 0.66}}}
	return p
}

// withOracle adds an oracle that lies far above the routers.
func withOracle(c Curves) Curves { return withLimit(c, 0.95) }

// withLimit adds an oracle that reaches a quality.
func withLimit(c Curves, top float64) Curves {
	c.Lines = append(c.Lines, Line{Name: "oracle", Limit: true, Points: []Point{{0, c.Weak.Quality}, {0.18, top}, {0.9, top}, {1, c.Strong.Quality}}})
	return c
}

// twoPanels returns a figure of two panels with the same axis.
func twoPanels() Panels {
	left, right := accuracy(2), accuracy(6)
	left.Title, right.Title = "(a) votes only", "(b) with judge labels"
	return Panels{Title: "MMLU, n = 14,037", Panels: []Curves{left, right}, SameY: true}
}
