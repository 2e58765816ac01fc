package pool

import (
	"math"
	"slices"
	"testing"
)

// twoByThree has three prompts and two models.
func twoByThree() Outcomes {
	return Outcomes{
		Quality: Matrix{2, []float64{0, 1, 1, 1, 0, 0}},
		Cost:    Matrix{2, []float64{1, 4, 1, 5, 1, 6}},
	}
}

func TestOfScores(t *testing.T) {
	o := twoByThree()
	swap := []int{1, 0}
	o.Quality, o.Cost = o.Quality.Select(swap), o.Cost.Select(swap) // the strong one first
	for _, scores := range [][]float64{{3, 2, 2}, {-1, -7, -7}, {1e-12, 0, 0}} {
		p, err := NewPath(o, OfScores(scores, 5, 1), 0)
		if err != nil {
			t.Fatal(err)
		}
		wantVertices(t, p, [][2]float64{{1, 1. / 3}, {2, 2. / 3}, {5, 2. / 3}})
		// The strong model is the cheaper one: the prompts with the lowest scores leave it first.
		o.Cost = o.Cost.Select(swap)
		if p, err = NewPath(o, OfScores(scores, 1, 5), 0); err != nil {
			t.Fatal(err)
		}
		wantVertices(t, p, [][2]float64{{1, 2. / 3}, {4, 2. / 3}, {5, 1. / 3}})
		o.Cost = o.Cost.Select(swap)
	}
}

func wantVertices(t *testing.T, p *Path, want [][2]float64) {
	t.Helper()
	if len(p.Vertices) != len(want) {
		t.Fatalf("vertices %v, want %v", p.Vertices, want)
	}
	for k, v := range p.Vertices {
		if math.Abs(v.Cost-want[k][0]) > 1e-12 || math.Abs(v.Quality-want[k][1]) > 1e-12 {
			t.Errorf("vertex %d is %v, want %v", k, v, want[k])
		}
	}
}

func TestDecided(t *testing.T) {
	o := twoByThree()
	all := func(m int) []Choice { return slices.Repeat([]Choice{NewChoice(m)}, 3) }
	some := all(0)
	some[0] = Choice{1, 10, math.NaN()}
	d := Decided{First: all(1), Start: Point{Name: "dear"}, Points: []Point{
		{Name: "some", Changes: Changes(all(1), some)}, {Name: "again"}, {Name: "cheap", Changes: Changes(some, all(0))}}}
	d = d.Sorted(o)
	var names []string
	for _, p := range append([]Point{d.Start}, d.Points...) {
		names = append(names, p.Name)
	}
	if !slices.Equal(names, []string{"cheap", "some", "again", "dear"}) {
		t.Errorf("points %v", names)
	}
	s, err := NewDecided(o, d, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	wantVertices(t, s.Path(nil), [][2]float64{{1.5, 1. / 3}, {4.5, 2. / 3}, {4.5, 2. / 3}, {5.5, 2. / 3}})
	if got := d.Choices(2); got[0].Model != 1 || got[0].Cost != 10 || got[1].Model != 0 {
		t.Errorf("choices %v", got)
	}
	wantVertices(t, s.Path([]int32{3, 0, 0}), [][2]float64{{1.5, 0}, {10.5, 1}, {10.5, 1}, {4.5, 1}})
}

func TestCascadePaysForAllCalls(t *testing.T) {
	o := Outcomes{Quality: Matrix{3, []float64{0, 0, 1}}, Cost: Matrix{3, []float64{1, 2, 4}}}
	for last, want := range [][2]float64{{3, 0}, {2, 0}, {7, 1}} {
		s, err := NewDecided(o, Decided{Cascade: []int{1, 0, 2}, First: []Choice{NewChoice(last)}}, 0)
		if err != nil {
			t.Fatal(err)
		}
		wantVertices(t, s.Path(nil), [][2]float64{want})
	}
}

func TestDecidedRefuses(t *testing.T) {
	o := twoByThree()
	row := func(c Choice) []Choice { return []Choice{NewChoice(0), c, NewChoice(0)} }
	for what, d := range map[string]Decided{
		"few":       {First: []Choice{NewChoice(0)}},
		"model":     {First: row(NewChoice(2))},
		"negative":  {First: row(Choice{0, -1, 0})},
		"infinite":  {First: row(Choice{0, 0, math.Inf(1)})},
		"change":    {First: row(NewChoice(0)), Points: []Point{{Changes: []Change{{3, NewChoice(0)}}}}},
		"its model": {First: row(NewChoice(0)), Points: []Point{{Changes: []Change{{1, NewChoice(-1)}}}}},
	} {
		if _, err := NewDecided(o, d, 0); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

func TestDecidedAt(t *testing.T) {
	o := twoByThree()
	o.Weight = []float64{1, 1, 2}
	d := Decided{First: []Choice{NewChoice(0), {1, 7, 0}, NewChoice(0)}, Points: []Point{{Changes: []Change{{2, NewChoice(1)}}}}}
	got, mix := d.At(o, 1, 0.5)
	if !slices.Equal(got.Cost, []float64{1.5, 7.5, 6.5}) || !slices.Equal(got.Quality, []float64{0, 1, 0}) || !slices.Equal(mix, []float64{0.25, 0.75}) {
		t.Errorf("%v, mix %v", got, mix)
	}
}
