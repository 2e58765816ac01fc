package ridge

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/training"
)

// made returns data with three targets, the last of which is known on some rows only.
func made(n, parts int) Data {
	rng := rand.New(rand.NewPCG(1, 2))
	d := Data{Division: training.Division{Parts: parts}, Dim: 5, Targets: make([][]float64, 3)}
	x := make([][]float64, n)
	for i := range x {
		d.Of = append(d.Of, i%parts)
		for range d.Dim {
			x[i] = append(x[i], rng.NormFloat64())
		}
		for t := range d.Targets {
			d.Targets[t] = append(d.Targets[t], float64(t)+x[i][t]-0.5*x[i][3]+rng.NormFloat64())
		}
		if i%4 == 0 {
			d.Targets[2][i] = math.NaN()
		}
	}
	d.Inputs = func(dst []float64, i int) []float64 { return append(dst[:0], x[i]...) }
	return d
}

// fit returns the regression of one target on the rows outside some parts, from rows.
func fit(d Data, target int, lambda float64, without ...int) inputs.Linear {
	g := New(d.Dim, 1)
	for i, of := range d.Of {
		if y := d.Targets[target][i]; !math.IsNaN(y) && !slices.Contains(without, of) {
			g.Add(d.Inputs(nil, i), y)
		}
	}
	return g.Solve(lambda)[0]
}

// squaredError returns the squared error on the rows of a part, row by row.
func squaredError(d Data, target, part int, l inputs.Linear) float64 {
	sum := 0.0
	for i, of := range d.Of {
		if y := d.Targets[target][i]; of == part && !math.IsNaN(y) {
			sum += math.Pow(y-l.At(d.Inputs(nil, i)), 2)
		}
	}
	return sum
}

// TestSearchIsNested compares the errors that choose settings with their definition: a row's error
// for an excluded part comes from rows outside both its own part and the excluded one.
func TestSearchIsNested(t *testing.T) {
	d, all := made(83, 4), []float64{1, 10}
	s, err := NewSums(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	errs, err := s.Search(context.Background(), func(r Rest) [][]inputs.Linear {
		return [][]inputs.Linear{r.Solve(all[0]), r.Solve(all[1])}
	}, func(done, total int) {
		if steps++; done != steps || total != 10 {
			t.Errorf("step %d of %d, want %d of 10", done, total, steps)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for excluded := range d.Parts + 1 {
		for k, lambda := range all {
			for target := range d.Targets {
				want := 0.0
				for part := range d.Parts {
					if part != excluded {
						want += squaredError(d, target, part, fit(d, target, lambda, part, excluded))
					}
				}
				if got := errs[excluded][k][target]; math.Abs(got-want) > 1e-9*want {
					t.Errorf("without part %d, ridge %v, target %d: error %v, want %v", excluded, lambda, target, got, want)
				}
			}
		}
	}
}

// TestManyInputs expects settings to be validated on the parts beside an excluded one where there are
// too many inputs to validate them on all.
func TestManyInputs(t *testing.T) {
	s := &Sums{parts: 5, blocks: []block{{parts: []Gram{New(manyInputs+1, 0)}}}}
	want := [][2]int{{0, 0}, {0, 1}, {0, 4}, {1, 1}, {1, 2}, {2, 2}, {2, 3}, {3, 3}, {3, 4}, {4, 4}}
	if got := s.pairs(); !slices.Equal(got, want) {
		t.Errorf("pairs %v, want %v", got, want)
	}
}

// TestReduce expects full rank to change nothing, and one factor to leave fitted values of all
// targets that are multiples of each other.
func TestReduce(t *testing.T) {
	d := made(80, 4)
	d.Targets = d.Targets[:2]
	s, err := NewSums(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	rest := s.Without(1)
	fits := rest.Solve(1)
	directions := rest.Directions(fits)
	full, one := rest.Reduce(fits, directions, 2), rest.Reduce(fits, directions, 1)
	ratio := one[0].Weights[0] / one[1].Weights[0]
	for k := range d.Dim {
		if math.Abs(full[0].Weights[k]-fits[0].Weights[k]) > 1e-12 || math.Abs(full[0].Intercept-fits[0].Intercept) > 1e-12 {
			t.Errorf("full rank has the weight %v, want %v", full[0].Weights[k], fits[0].Weights[k])
		}
		if got := one[0].Weights[k] / one[1].Weights[k]; math.Abs(got-ratio) > 1e-9*math.Abs(ratio) {
			t.Errorf("rank 1: the ratio of weights %d is %v, of others %v", k, got, ratio)
		}
	}
	error1, error2 := 0.0, 0.0 // the first direction keeps more than the second would
	second := rest.Reduce(fits, swapped(directions), 1)
	for target := range fits {
		for i := range d.Of {
			x := d.Inputs(nil, i)
			if d.Of[i] != 1 {
				error1 += math.Pow(fits[target].At(x)-one[target].At(x), 2)
				error2 += math.Pow(fits[target].At(x)-second[target].At(x), 2)
			}
		}
	}
	if error1 >= error2 {
		t.Errorf("the first direction loses %v, the second %v", error1, error2)
	}
}

// swapped returns two directions in the other order.
func swapped(d *mat.Dense) *mat.Dense {
	var out mat.Dense
	out.Augment(d.ColView(1), d.ColView(0))
	return &out
}
