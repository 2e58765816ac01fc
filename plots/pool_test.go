package plots

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
)

// TestPoolAxis: the axis is logarithmic exactly if the range of costs is wide and has no zero.
func TestPoolAxis(t *testing.T) {
	for name, c := range map[string]struct {
		costs []float64
		log   bool
	}{
		"wide": {[]float64{0.1, 1}, true}, "narrow": {[]float64{0.11, 1}, false}, "zero": {[]float64{0, 5}, false},
		"one model": {[]float64{2}, false}, "equal": {[]float64{2, 2}, false}, "all free": {[]float64{0, 0}, false}, "none": {nil, false},
	} {
		var p Pool
		for _, x := range c.costs {
			p.Models = append(p.Models, PoolModel{Name: "m", CostPoint: CostPoint{Cost: x, Quality: 0.5}})
		}
		a, err := p.Axis()
		if err != nil || a.Log != c.log || !(a.Lo < a.Hi) {
			t.Errorf("%s: axis %+v, %v: want a logarithm %v", name, a, err, c.log)
		}
		for _, x := range c.costs {
			if at := a.At(x); !(at >= 0 && at <= 1) {
				t.Errorf("%s: %v lies at %v", name, x, at)
			}
		}
		write(t, small(), p, SVG)
	}
}

// TestPoolRefuses: a cost that cannot be drawn is an error that names what has it.
func TestPoolRefuses(t *testing.T) {
	for _, cost := range []float64{-1, math.NaN(), math.Inf(1)} {
		p := Pool{Routers: []CostLine{{"knn", []CostPoint{{1, 1}, {cost, 1}}}}}
		var b bytes.Buffer
		if err := p.Write(&b, SVG); err == nil || !strings.Contains(err.Error(), `line "knn": cost`) || b.Len() > 0 {
			t.Errorf("cost %v: %v", cost, err)
		}
	}
}

// TestPoolLine: where the cost falls along the path, the line shows the first place that reaches
// each budget, and on a logarithmic axis the straight line between two policies is bent.
func TestPoolLine(t *testing.T) {
	linear := CostAxis{Lo: 0, Hi: 10}
	got := linear.Line([]CostPoint{{1, 1}, {5, 3}, {4, 9}, {6, 5}, {6, 7}, {2, 0}})
	want := []Point{{0.1, 1}, {0.5, 3}, {0.5, 7}, {0.6, 5}}
	if len(got) != len(want) {
		t.Fatalf("line %v, want %v", got, want)
	}
	for i := range want {
		if math.Abs(got[i].StrongFraction-want[i].StrongFraction) > 1e-12 || math.Abs(got[i].Quality-want[i].Quality) > 1e-12 {
			t.Errorf("point %d is %v, want %v", i, got[i], want[i])
		}
	}
	a := CostAxis{Lo: 1, Hi: 100, Log: true}
	for _, p := range a.Line([]CostPoint{{1, 0}, {100, 99}}) {
		cost := math.Pow(100, p.StrongFraction)
		if math.Abs(p.Quality-(cost-1)) > 1e-9 {
			t.Errorf("at cost %v: quality %v, want %v", cost, p.Quality, cost-1)
		}
	}
}

// TestPoolNames: the names of eleven models cover neither each other nor a point, nor a line.
func TestPoolNames(t *testing.T) {
	pools := map[string]Pool{"made up": elevenModels()}
	if p, ok := sharedPool(t); ok {
		pools["rb365"] = p
	}
	for name, p := range pools {
		drawn, err := DefaultStyle().figure(p)
		if err != nil {
			t.Fatal(err)
		}
		f := drawn.panels[0]
		taken := f.lineBoxes()
		for _, n := range f.Named {
			taken = append(taken, f.pointBox(n))
		}
		for i, note := range f.notes {
			for _, box := range taken {
				if overlap(note.box, box) > 0 {
					t.Errorf("%s: %q lies on a point or a line", name, note.text)
					break
				}
			}
			for _, other := range f.notes[:i] {
				if overlap(note.box, other.box) > 0 {
					t.Errorf("%s: %q covers %q", name, note.text, other.text)
				}
			}
		}
	}
}

// sharedPool returns the figure of RouterBench's rows, where their figures are at hand.
func sharedPool(t *testing.T) (Pool, bool) {
	raw, err := os.ReadFile("../../shared/golden/nmodels/rb365.json")
	if err != nil {
		t.Log("skipped: no ../shared")
		return Pool{}, false
	}
	type points []CostPoint
	var d struct {
		Models    []string
		Constants map[string]CostPoint
		Hull      points `json:"static_hull"`
		Routers   map[string]struct{ Path points }
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	p := Pool{Static: d.Hull, Oracle: d.Routers["oracle"].Path, Routers: []CostLine{{"ridge1", d.Routers["ridge1"].Path}}}
	for _, m := range d.Models {
		p.Models = append(p.Models, PoolModel{Name: m[strings.LastIndex(m, "/")+1:], CostPoint: d.Constants[m]})
	}
	return p, true
}
