package inputs

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

func TestTake(t *testing.T) {
	p := routers.NewPrompt("a", "two words")
	p.Vector = []float32{0.5, -1}
	want := []float64{0.5, -1, math.Log1p(9), math.Log1p(2), math.Log1p(1), 0}
	if got, err := Take([]float64{7}, &p, 2); err != nil || !slices.Equal(got, want) {
		t.Errorf("inputs %v, %v, want %v", got, err, want)
	}
	p.Features = routers.Features{} // counted again from the text
	if got, err := Take(nil, &p, 2); err != nil || !slices.Equal(got, want) {
		t.Errorf("inputs without features %v, %v, want %v", got, err, want)
	}
}

func TestPromptsThatAreNotUsable(t *testing.T) {
	good := func() routers.Prompt {
		return routers.Prompt{ID: "a", Vector: []float32{1, 2}, Features: routers.FeaturesOf("a text")}
	}
	for want, change := range map[string]func(p *routers.Prompt){
		`the vector has 0 components, expected 2`:                func(p *routers.Prompt) { p.Vector = nil },
		`component 2 of the vector is +Inf, expected a finite`:   func(p *routers.Prompt) { p.Vector[1] = float32(math.Inf(1)) },
		`"feature:chars" is missing, and there is no prompt te`:  func(p *routers.Prompt) { p.Features = routers.Features{} },
		`"feature:words" is -3, expected a finite number, 0 or `: func(p *routers.Prompt) { p.Features = p.Features.With(routers.Words, -3) },
	} {
		p := good()
		change(&p)
		if _, err := Take(nil, &p, 2); err == nil || !strings.HasPrefix(err.Error(), `sample "a": `+want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestOf(t *testing.T) {
	p := routers.NewPrompt("a", "x")
	p.Vector = []float32{3}
	chat, gold := &training.Source{Kind: training.Judge, Prompts: []routers.Prompt{p}}, &training.Source{Kind: training.Gold, Prompts: []routers.Prompt{p, p}}
	if got := Of(gold); len(got) != 2 || len(got[0]) != 1+Counts || got[0][0] != 3 {
		t.Errorf("inputs %v", got)
	}
	if got := OfChat([]*training.Source{gold, chat, chat}); len(got) != 2 {
		t.Errorf("inputs of %d prompts, want those of 2 graded ones", len(got))
	}
}

// TestFold checks that folded weights on inputs equal the weights on scaled inputs.
func TestFold(t *testing.T) {
	x := [][]float64{{1, 2, 5, 1, 0, 4}, {3, -2, 4, 1, 2, 1}, {0, 1, 3, 1, 1, 0}} // the second count never varies
	s := NewScaler(x)
	w := []float64{0.5, -1, 2, 3, -0.25, 1}
	l := s.Fold(w, 7).Times(2, 1)
	total := 0.0
	for i, z := range s.Apply(x) {
		want := Linear{Weights: w, Intercept: 7}.At(z)
		if got := l.At(x[i]); math.Abs(got-(2*want+1)) > 1e-12 {
			t.Errorf("row %d: %v, want %v", i, got, 2*want+1)
		}
		total += (z[0]*z[0] + z[1]*z[1]) / 3
	}
	if math.Abs(total-1) > 1e-12 || s.Scale[3] != 1 {
		t.Errorf("total variance of the vector %v, want 1; scale of a constant count %v, want 1", total, s.Scale[3])
	}
}

func TestRowsRoundTrip(t *testing.T) {
	all := []Linear{{[]float64{1, 2}, 3}, {[]float64{4, 5}, 6}}
	f := &safetensors.File{Tensors: map[string]safetensors.Tensor{"w": Rows(all)}}
	got, err := ReadRows(f, "w", 2, 3)
	if err != nil || len(got) != 2 || !slices.Equal(got[1].Weights, []float64{4, 5}) || got[1].Intercept != 6 {
		t.Errorf("%v, %v, want %v", got, err, all)
	}
	if _, err := ReadRows(f, "w", 3, 2); err == nil {
		t.Error("no error for another shape")
	}
}
