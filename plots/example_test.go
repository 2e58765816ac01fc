package plots_test

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"regexp"

	"github.com/routellm/routellm/plots"
)

// router returns an artificial curve that rises fast at first.
func router(name string, weak, strong, bend float64) plots.Line {
	l := plots.Line{Name: name}
	for i := range 101 {
		c := float64(i) / 100
		l.Points = append(l.Points, plots.Point{StrongFraction: c, Quality: weak + (strong-weak)*math.Pow(c, bend)})
	}
	c := math.Pow(0.5, 1/bend)
	l.CPT = []plots.Marker{{Percent: 50, StrongFraction: c, Quality: (weak + strong) / 2}}
	return l
}

// printTexts prints the texts of an SVG but the numbers of the ticks.
func printTexts(svg []byte) {
	for _, m := range regexp.MustCompile(`>([^<>]*[A-Za-z][^<>]*)</text>`).FindAllSubmatch(svg, -1) {
		fmt.Println(string(m[1]))
	}
}

// A figure of two routers. Accuracies are fractions; YScale shows them in per cent.
func ExampleCurves_Write() {
	c := plots.Curves{
		Title:  "MMLU: big / small, n = 14,037",
		YLabel: "accuracy (%)", YScale: 100,
		Strong: plots.Level{Name: "big", Quality: 0.806},
		Weak:   plots.Level{Name: "small", Quality: 0.681},
		Lines:  []plots.Line{router("mf", 0.681, 0.806, 0.6), router("knn", 0.681, 0.806, 0.8)},
	}
	var svg bytes.Buffer
	if err := c.Write(&svg, plots.SVG); err != nil {
		fmt.Println(err)
	}
	printTexts(svg.Bytes())
	compare("curves", c)
	// Output:
	// strong: big, 80.6
	// weak: small, 68.1
	// mf
	// knn
	// calls to the strong model (%)
	// accuracy (%)
	// MMLU: big / small, n = 14,037
	// CPT: calls that recover 50 % of the gap
}

// A router with fixed decisions is drawn as a dot. Grades need no YScale.
func ExampleCurves_Write_fixedDecisions() {
	c := plots.Curves{
		YLabel: "grade (1 to 10)",
		Strong: plots.Level{Name: "big", Quality: 9.29},
		Weak:   plots.Level{Name: "small", Quality: 8.35},
		Dots:   []plots.Dot{{Name: "commercial router", StrongFraction: 0.45, Quality: 8.6}},
		Random: &plots.Band{
			Lo:  []plots.Point{{StrongFraction: 0, Quality: 8.35}, {StrongFraction: 0.5, Quality: 8.7}, {StrongFraction: 1, Quality: 9.29}},
			Mid: []plots.Point{{StrongFraction: 0, Quality: 8.35}, {StrongFraction: 1, Quality: 9.29}},
			Hi:  []plots.Point{{StrongFraction: 0, Quality: 8.35}, {StrongFraction: 0.5, Quality: 8.94}, {StrongFraction: 1, Quality: 9.29}},
		},
	}
	var svg bytes.Buffer
	if err := c.Write(&svg, plots.SVG); err != nil {
		fmt.Println(err)
	}
	printTexts(svg.Bytes())
	compare("fixed", c)
	// Output:
	// strong: big, 9.29
	// weak: small, 8.35
	// calls to the strong model (%)
	// grade (1 to 10)
	// commercial router
	// random, pointwise 95 % range
}

// A figure with another horizontal axis: held-out error against a ridge weight.
func ExampleCurves_Write_otherAxis() {
	c := plots.Curves{
		XLabel: "ridge weight", YLabel: "held-out error",
		XTicks: []plots.XTick{{At: 0, Text: "1"}, {At: 0.5, Text: "10"}, {At: 1, Text: "100"}},
		Lines:  []plots.Line{{Name: "judge", Points: []plots.Point{{StrongFraction: 0, Quality: 1.3}, {StrongFraction: 0.5, Quality: 1}, {StrongFraction: 1, Quality: 1.1}}}},
		Dots:   []plots.Dot{{Name: "chosen", StrongFraction: 0.5, Quality: 1}},
	}
	var svg bytes.Buffer
	if err := c.Write(&svg, plots.SVG); err != nil {
		fmt.Println(err)
	}
	printTexts(svg.Bytes())
	compare("axis", c)
	// Output:
	// judge
	// ridge weight
	// held-out error
	// chosen
}

// The smallest detectable difference falls with the square root of the number of samples.
func ExampleDetectable() {
	d := plots.Detectable{
		Title: "what a data set can show", Margin: 0.02,
		Lines: []plots.SizeLine{{Name: "mine", Samples: 1600, Difference: func(n int) float64 { return 2 / math.Sqrt(float64(n)) }}},
	}
	var svg bytes.Buffer
	if err := d.Curves().Write(&svg, plots.SVG); err != nil {
		fmt.Println(err)
	}
	printTexts(svg.Bytes())
	compare("detectable", d.Curves())
	// Output:
	// mine
	// difference of 0.02
	// prompts
	// difference in APGR
	// what a data set can show
	// mine, n = 1,600: 0.050
}

// A smaller figure: change some fields of the default style.
func ExampleStyle_Write() {
	s := plots.DefaultStyle()
	s.Width, s.PNGScale = 360, 1
	var b bytes.Buffer
	if err := s.Write(&b, plots.Curves{Lines: []plots.Line{router("mf", 0, 1, 0.6)}}, plots.PNG); err != nil {
		fmt.Println(err)
	}
	picture, err := png.DecodeConfig(&b)
	fmt.Println(picture.Width, "pixels wide", err)
	// Output: 480 pixels wide <nil>
}

// A figure for a column of 84 mm: type of 7 points, no title, and a dark background.
func ExamplePaperStyle() {
	s := plots.PaperStyle(84, 7)
	s.NoTitle, s.Theme = true, plots.Dark
	var b bytes.Buffer
	if err := s.Write(&b, plots.Curves{Title: "in the caption", Lines: []plots.Line{router("mf", 0, 1, 0.6)}}, plots.PNG); err != nil {
		fmt.Println(err)
	}
	picture, err := png.DecodeConfig(&b)
	fmt.Println(picture.Width, "pixels wide at 300 per inch", err)
	// Output:
	// 992 pixels wide at 300 per inch <nil>
}

// Routers have the same look in every figure: a colour per router, a dash pattern per kind of
// training data.
func ExampleLookOf() {
	mf, judge := plots.LookOf("mf"), plots.LookOf("mf@judge")
	fmt.Println(mf.Colour == judge.Colour, mf.Dash, judge.Dash)
	// Output: true [] [7 2.5]
}

// Two panels with the same axis and one legend.
func ExamplePanels_Write() {
	panel := func(title string, lines ...plots.Line) plots.Curves {
		return plots.Curves{
			Title: title, YLabel: "accuracy (%)", YScale: 100, Lines: lines,
			Strong: plots.Level{Name: "big", Quality: 0.806}, Weak: plots.Level{Name: "small", Quality: 0.681},
		}
	}
	p := plots.Panels{
		Title: "MMLU: big / small, n = 14,037", SameY: true,
		Panels: []plots.Curves{
			panel("(a) votes only", router("mf@arena", 0.681, 0.806, 0.9)),
			panel("(b) with gold labels", router("mf@gold", 0.681, 0.806, 0.7), router("knn@gold", 0.681, 0.806, 0.6)),
		},
	}
	var svg bytes.Buffer
	if err := p.Write(&svg, plots.SVG); err != nil {
		fmt.Println(err)
	}
	printTexts(svg.Bytes())
	compare("panels", p)
	// Output:
	// strong: big, 80.6
	// weak: small, 68.1
	// calls to the strong model (%)
	// accuracy (%)
	// (a) votes only
	// calls to the strong model (%)
	// (b) with gold labels
	// MMLU: big / small, n = 14,037
	// mf@arena
	// mf@gold
	// knn@gold
	// CPT: calls that recover 50 % of the gap
}

// Overconfident scores in three bins: the strong model is needed less often than high scores
// say.
func ExampleReliability_Write() {
	r := plots.Reliability{
		Title: "MMLU: mf, n = 14,037", Name: "mf", Base: 0.3,
		Bins: []plots.ReliabilityBin{{Score: 0.2, Event: 0.25, Lo: 0.2, Hi: 0.3}, {Score: 0.5, Event: 0.3, Lo: 0.25, Hi: 0.35}, {Score: 0.8, Event: 0.35, Lo: 0.3, Hi: 0.4}},
	}
	var svg bytes.Buffer
	if err := r.Write(&svg, plots.SVG); err != nil {
		fmt.Println(err)
	}
	printTexts(svg.Bytes())
	compare("reliability", r)
	// Output:
	// base rate
	// mf
	// score, as a probability that the strong model is needed (%); the axis shows 15.2 to 84.8
	// strong model was needed (%)
	// MMLU: mf, n = 14,037
	// perfectly calibrated
}

// Ratings over prices. Each name stands beside its point, where it covers no other point.
func ExampleScatter_Write() {
	s := plots.Scatter{
		XLabel: "dollars per million tokens", YLabel: "rating",
		Points: []plots.Spot{{Name: "small", X: 0.24, Y: 1110, Lo: 1090, Hi: 1130}, {Name: "big", X: 20, Y: 1250, Lo: 1240, Hi: 1260}},
	}
	var svg bytes.Buffer
	if err := s.Write(&svg, plots.SVG); err != nil {
		fmt.Println(err)
	}
	printTexts(svg.Bytes())
	compare("scatter", s)
	// Output:
	// dollars per million tokens
	// rating
	// small
	// big
}

// Three models and a router between them. The dearest costs 60 times as much as the cheapest, so
// that the axis of cost is logarithmic.
func ExamplePool_Write() {
	p := plots.Pool{
		Title: "quality against cost", XLabel: "USD per 1,000 prompts", YLabel: "quality",
		Models: []plots.PoolModel{
			{Name: "small", CostPoint: plots.CostPoint{Cost: 0.05, Quality: 0.6}},
			{Name: "middle", CostPoint: plots.CostPoint{Cost: 0.4, Quality: 0.7}},
			{Name: "big", CostPoint: plots.CostPoint{Cost: 3, Quality: 0.9}},
		},
		Static:  []plots.CostPoint{{Cost: 0.05, Quality: 0.6}, {Cost: 0.4, Quality: 0.7}, {Cost: 3, Quality: 0.9}},
		Routers: []plots.CostLine{{Name: "linear", Points: []plots.CostPoint{{Cost: 0.05, Quality: 0.6}, {Cost: 0.4, Quality: 0.76}, {Cost: 2.5, Quality: 0.9}}}},
	}
	var svg bytes.Buffer
	if err := p.Write(&svg, plots.SVG); err != nil {
		fmt.Println(err)
	}
	printTexts(svg.Bytes())
	compare("pool", p)
	// Output:
	// linear
	// USD per 1,000 prompts, log scale
	// quality
	// small
	// middle
	// big
	// quality against cost
	// static mix of models
}

// A router that is trained on more and more samples.
func ExampleLearning() {
	l := plots.Learning{
		Title: "Learning curve", YLabel: "APGR", Name: "mf", Shade: "95 % interval", Chance: 0.5,
		Points: []plots.LearningPoint{{100, 0.52, 0.49, 0.55}, {200, 0.55, 0.52, 0.58}, {400, 0.57, 0.54, 0.6}, {800, 0.58, 0.55, 0.61}},
	}
	var svg bytes.Buffer
	if err := l.Curves().Write(&svg, plots.SVG); err != nil {
		fmt.Println(err)
	}
	fmt.Println(bytes.Contains(svg.Bytes(), []byte(">training samples</text>")), bytes.Contains(svg.Bytes(), []byte(">800</text>")))
	compare("learning", l.Curves())
	// Output:
	// true true
}
