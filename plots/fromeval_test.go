package plots_test

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/plots"
)

// A figure from the quality of two models on six prompts and a router's scores for them.
func ExampleNewLine() {
	o := eval.Outcomes{Strong: []float64{1, 1, 1, 1, 0, 1}, Weak: []float64{0, 1, 0, 1, 0, 0}}
	curve, err := eval.NewCurve(o, []float64{0.9, 0.2, 0.7, 0.4, 0.8, 0.3})
	if err != nil {
		fmt.Println(err)
	}
	c := plots.Curves{
		YLabel: "accuracy (%)", YScale: 100,
		Strong: plots.Level{Name: "big", Quality: curve.Strong},
		Weak:   plots.Level{Name: "small", Quality: curve.Weak},
		Random: plots.NewBand(eval.NewRandom(o)),
		Lines:  []plots.Line{plots.NewLine("mine", curve, 50)},
	}
	var svg bytes.Buffer
	if err := c.Write(&svg, plots.SVG); err != nil {
		fmt.Println(err)
	}
	printTexts(svg.Bytes())
	compare("eval", c)
	// Output:
	// mine
	// strong: big, 83.3
	// weak: small, 33.3
	// calls to the strong model (%)
	// accuracy (%)
	// random, pointwise 95 % range
	// CPT: calls that recover 50 % of the gap
}

func TestNewLine(t *testing.T) {
	curve, err := eval.NewCurve(eval.Outcomes{Strong: []float64{1, 0, 1, 1}, Weak: []float64{0, 0, 1, 0}}, []float64{4, 3, 2, 1})
	if err != nil {
		t.Fatal(err)
	}
	l := plots.NewLine("mine", curve, 50, 80, 101)
	if len(l.Points) != 5 || l.Points[1] != (plots.Point{StrongFraction: 0.25, Quality: 0.5}) {
		t.Errorf("points %v", l.Points)
	}
	if len(l.CPT) != 2 || l.CPT[0] != (plots.Marker{Percent: 50, StrongFraction: 0.25, Quality: 0.5}) {
		t.Errorf("markers are %v, want two, the first at 50 %%: 101 %% is never reached", l.CPT)
	}
	if m := l.CPT[1]; math.Abs(m.StrongFraction-0.9) > 1e-12 || math.Abs(m.Quality-0.65) > 1e-12 {
		t.Errorf("marker of 80 %% is %v, want one at 0.9 with quality 0.65", m)
	}
}

func TestTicks(t *testing.T) {
	got := plots.Ticks(0, 100, 5)
	if len(got) != 6 || got[1] != (plots.Tick{Value: 20, Text: "20"}) {
		t.Errorf("ticks %v", got)
	}
}
