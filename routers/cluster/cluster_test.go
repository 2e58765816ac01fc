package cluster

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers/internal/pooltest"
	"github.com/routellm/routellm/routers/training"
)

func TestRouter(t *testing.T) {
	pooltest.Check(t, pooltest.Router{
		Train: func(ctx context.Context, o *training.Outcomes, options training.Options) (pooltest.Model, training.Validation, error) {
			return Train(ctx, o, Options{Options: options, Unit: 1.0 / 64})
		},
		Open:     func(path string) (pooltest.Model, error) { return Open(path) },
		Optional: []string{"mean_cost"},
	})
}

// TestAdd adds a model by the outcomes of a few rows. The other models' predictions stay.
func TestAdd(t *testing.T) {
	ctx := context.Background()
	all := pooltest.Outcomes(300, 3, 5)
	base, _, err := Train(ctx, columns(all, 300, 0, 1), Options{Unit: 1.0 / 64})
	if err != nil {
		t.Fatal(err)
	}
	few := columns(all, 40, 2)
	bigger, err := base.Add(ctx, few, training.Options{Recipe: "added"})
	if err != nil {
		t.Fatal(err)
	}
	before, beforeCost, err := base.Predict(ctx, all.Prompts)
	if err != nil {
		t.Fatal(err)
	}
	after, afterCost, err := bigger.Predict(ctx, all.Prompts)
	if err != nil {
		t.Fatal(err)
	}
	kept := []int{0, 1}
	if !slices.Equal(after.Select(kept).Values, before.Values) || !slices.Equal(afterCost.Select(kept).Values, beforeCost.Values) {
		t.Error("adding a model changed the predictions of the others")
	}
	if !slices.Equal(bigger.Models(), all.Models) || len(bigger.TrainingPrompts()) != 300 || len(bigger.About.Sources) != 2 {
		t.Errorf("models %v, %d training prompts, sources %v", bigger.Models(), len(bigger.TrainingPrompts()), bigger.About.Sources)
	}
	of, err := base.clusters(ctx, all.Prompts)
	if err != nil {
		t.Fatal(err)
	}
	sum, n, mean := 0.0, 0.0, training.Mean(few.Quality.Column(0))
	for i := range few.Prompts {
		if of[i] == of[299] {
			sum, n = sum+few.Quality.At(i, 0), n+1
		}
	}
	if got, want := after.At(299, 2), (sum+mean)/(n+1); math.Abs(got-want) > 1e-12 {
		t.Errorf("the new model's quality is %v, want %v", got, want)
	}
	if _, err := base.Add(ctx, columns(all, 40, 1), training.Options{}); err == nil || !strings.Contains(err.Error(), `already knows the model "model-1"`) {
		t.Errorf("a known model: error %v", err)
	}
	if _, err := base.Add(ctx, columns(all, 5, 2), training.Options{}); err == nil || !strings.Contains(err.Error(), "measured on 5 rows") {
		t.Errorf("too few rows: error %v", err)
	}
	few.Cost = pool.Matrix{}
	if _, err := base.Add(ctx, few, training.Options{}); err == nil || !strings.Contains(err.Error(), "cost") {
		t.Errorf("no costs: error %v", err)
	}
}

// columns returns the first n rows with some models.
func columns(o *training.Outcomes, n int, models ...int) *training.Outcomes {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return &training.Outcomes{
		Sources: o.Sources, Models: slicesx.Pick(o.Models, models), Prompts: o.Prompts[:n], Norm: o.Norm[:n], Cluster: o.Cluster[:n],
		Quality: o.Quality.Pick(rows).Select(models), Cost: o.Cost.Pick(rows).Select(models),
	}
}

// TestKMeans places centres on vectors of the built-in encoder's form, on which distances are exact:
// every centre is the mean of its rows, and every row is with the nearest centre.
func TestKMeans(t *testing.T) {
	o := pooltest.Outcomes(200, 2, 3)
	var rows [][]float32
	for _, p := range o.Prompts {
		rows = append(rows, p.Vector)
	}
	rows = append(rows, slices.Repeat(rows[:1], 20)...) // the same prompt many times
	s := space{pooltest.Dim, 1.0 / 64}
	centres := s.kmeans(context.Background(), rows, 7, 1)
	of, err := s.assign(context.Background(), rows, centres)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		for c := range centres {
			if squared(row, centres[c]) < squared(row, centres[of[i]])-1e-9 {
				t.Fatalf("row %d is in cluster %d, but %d is nearer", i, of[i], c)
			}
		}
	}
	if !slices.EqualFunc(s.moved(centres, rows, of), centres, slices.Equal) {
		t.Error("a centre is not the mean of its rows")
	}
	if got := s.kmeans(context.Background(), slices.Repeat(rows[:1], 10), 3, 1); len(got) != 3 {
		t.Errorf("%d centres of equal rows, want 3", len(got))
	}
}
