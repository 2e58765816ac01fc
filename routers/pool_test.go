package routers

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
)

// three predicts the qualities 1, 2 and 3, and was trained on one prompt.
type three struct{}

func (three) Needs() Needs              { return Needs{Text: true} }
func (three) Models() []string          { return []string{"a", "b", "c"} }
func (three) TrainingPrompts() []string { return []string{"seen"} }
func (three) HeldOutPrediction(norm string) ([]float64, bool) {
	return []float64{4, 6, 9}, norm == "seen"
}
func (three) Predict(_ context.Context, prompts []Prompt) (quality, cost pool.Matrix, err error) {
	return pool.Matrix{Columns: 3, Values: slices.Repeat([]float64{1, 2, 3}, len(prompts))}, pool.Matrix{Columns: 3, Values: []float64{10, 20, 30}}, nil
}

// byLength is a two-model router.
type byLength struct{}

func (byLength) Needs() Needs { return Needs{} }
func (byLength) Scores(_ context.Context, prompts []Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	for i, p := range prompts {
		out[i] = float64(len(p.ID))
	}
	return out, nil
}

// ofAB was trained for the pair a, b.
type ofAB struct{ byLength }

func (ofAB) Pair() (strong, weak string) { return "a", "b" }

func TestForPair(t *testing.T) {
	prompts := []Prompt{{ID: "x"}, {ID: "yy"}}
	for _, c := range []struct {
		strong, weak string
		want         float64
	}{{"c", "a", 2}, {"a", "c", -2}} {
		r, err := AnyPair(three{}).(Unpaired).ForPair(c.strong, c.weak)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Scores(context.Background(), prompts)
		if err != nil || !slices.Equal(got, []float64{c.want, c.want}) {
			t.Errorf("%s over %s: %v, %v", c.strong, c.weak, got, err)
		}
		if trained, ok := As[Trained](r); !ok || len(trained.TrainingPrompts()) != 1 || !r.Needs().Text {
			t.Error("the pair's router hides what the predictor was trained on, or needs")
		}
		h := r.(HeldOut)
		if v, ok := h.HeldOut("seen"); !ok || v != map[string]float64{"c": 5, "a": -5}[c.strong] {
			t.Errorf("held out %v, %v", v, ok)
		}
		if _, ok := h.HeldOut("other"); ok {
			t.Error("a held-out score of an unknown prompt")
		}
	}
	if _, err := ForPair(three{}, "c", "d"); err == nil || !strings.Contains(err.Error(), `"d"`) {
		t.Errorf("error %v", err)
	}
	if _, err := AnyPair(three{}).Scores(context.Background(), prompts); err == nil || !strings.Contains(strings.Join(hint.Of(err), ""), "--pair") {
		t.Errorf("error %v", err)
	}
}

func TestForPool(t *testing.T) {
	p, err := ForPool(three{}, Pool{Models: []string{"c", "a"}})
	if err != nil {
		t.Fatal(err)
	}
	q, k, err := p.Predict(context.Background(), make([]Prompt, 2))
	if err != nil || !slices.Equal(q.Values, []float64{3, 1, 3, 1}) || !slices.Equal(k.Values, []float64{30, 10}) || !slices.Equal(p.Models(), []string{"c", "a"}) {
		t.Errorf("%v, %v, %v", q, k, err)
	}
	if v, ok := p.(HeldOutPredictor).HeldOutPrediction("seen"); !ok || !slices.Equal(v, []float64{9, 4}) {
		t.Errorf("held out %v, %v", v, ok)
	}
	if got := Unused(three{}, Pool{Models: []string{"c", "a"}}); !slices.Equal(got, []string{"b"}) {
		t.Errorf("unused %v", got)
	}
	if same, err := ForPool(three{}, Pool{Models: []string{"a", "b", "c"}}); err != nil || same != (three{}) {
		t.Errorf("%v, %v", same, err)
	}
	if _, err := ForPool(three{}, Pool{Models: []string{"a", "d"}}); err == nil || !strings.Contains(err.Error(), `"d"`) {
		t.Errorf("error %v", err)
	}
}

func TestTwoModelRoutersChooseBetweenThePair(t *testing.T) {
	all := []string{"a", "b", "c"}
	for _, c := range []struct {
		r    Router
		of   Pool
		want []string // nil for an error
	}{
		{byLength{}, Pool{Models: all, Strong: "c", Weak: "a"}, []string{"c", "a"}},
		{ofAB{}, Pool{Models: all, Strong: "c", Weak: "a"}, []string{"c", "a"}},
		{ofAB{}, Pool{Models: all}, []string{"a", "b"}},
		{ofAB{}, Pool{Models: []string{"a", "c"}}, nil},
		{byLength{}, Pool{Models: all}, nil},
		{AnyPair(three{}), Pool{Models: all, Strong: "c", Weak: "a"}, all},
	} {
		p, err := ForPool(PredictorOf(c.r), c.of)
		if err != nil {
			if c.want != nil {
				t.Errorf("%T on %v: %v", c.r, c.of, err)
			}
			continue
		}
		if !slices.Equal(p.Models(), c.want) {
			t.Errorf("%T on %v chooses among %v, want %v", c.r, c.of, p.Models(), c.want)
		}
		if _, ordinal := As[Ordinal](p); ordinal != (len(c.want) == 2) {
			t.Errorf("%T is ordinal: %v", c.r, ordinal)
		}
	}
	p := PredictorOf(byLength{})
	if _, _, err := p.Predict(context.Background(), nil); err == nil {
		t.Error("a two-model router predicts without a pool")
	}
}
