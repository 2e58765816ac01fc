package linear

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/routellm/routellm/routers/internal/pooltest"
	"github.com/routellm/routellm/routers/training"
)

func TestRouter(t *testing.T) {
	pooltest.Check(t, pooltest.Router{
		Train: func(ctx context.Context, o *training.Outcomes, options training.Options) (pooltest.Model, training.Validation, error) {
			return Train(ctx, o, Options{Options: options})
		},
		Open:     func(path string) (pooltest.Model, error) { return Open(path) },
		Optional: []string{"mean_cost", "log_cost"},
	})
}

// TestCosts expects predicted costs to follow the prompts' lengths with the right mean, a free model
// to cost nothing, and one that is free at times to cost its mean.
func TestCosts(t *testing.T) {
	o := pooltest.Outcomes(400, 3, 2)
	for i := range o.Prompts {
		o.Cost.Row(i)[0] = 0
		if i%2 == 0 {
			o.Cost.Row(i)[1] = 0
		}
	}
	for _, mean := range []bool{false, true} {
		m, v, err := Train(context.Background(), o, Options{MeanCost: mean})
		if err != nil {
			t.Fatal(err)
		}
		_, cost, err := m.Predict(context.Background(), o.Prompts)
		if err != nil {
			t.Fatal(err)
		}
		if mean {
			if cost.Rows() != 1 || !slices.Equal(cost.Values, o.MeanCosts()) {
				t.Errorf("costs %v, want the means %v", cost.Values, o.MeanCosts())
			}
			continue
		}
		if slices.Max(cost.Column(0)) != 0 || math.Abs(cost.At(3, 1)/o.MeanCosts()[1]-1) > 1e-12 || v.Cost.At(3, 0) != 0 {
			t.Errorf("costs %v, out of fold %v, want 0 and %v first", cost.Row(3), v.Cost.Row(3), o.MeanCosts()[1])
		}
		if got, want := training.Mean(cost.Column(2)), o.MeanCosts()[2]; math.Abs(got/want-1) > 1e-9 {
			t.Errorf("mean predicted cost %v, want %v", got, want)
		}
		real, predicted, x := o.Cost.Column(2), v.Cost.Column(2), 0.0
		for i := range real {
			x += math.Abs(math.Log(real[i]/predicted[i])) / 400
		}
		if x > 0.25 {
			t.Errorf("out of fold, predicted costs are off by a factor of %v", math.Exp(x))
		}
	}
}
