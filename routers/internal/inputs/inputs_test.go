package inputs

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/features"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// prompt returns a prompt with everything that follows from a text, and a vector.
func prompt(text string, vector ...float32) routers.Prompt {
	p := routers.NewPrompt("a", text)
	p.Vector = vector
	return p
}

func TestTake(t *testing.T) {
	p := prompt("two words", 0.5, -1)
	want := []float64{0.5, -1, math.Log1p(9), math.Log1p(2), math.Log1p(1), 0}
	if got, err := (Shape{Vector: 2}).Take([]float64{7}, &p); err != nil || !slices.Equal(got, want) {
		t.Errorf("inputs %v, %v, want %v", got, err, want)
	}
	p.Features = routers.Features{} // counted again from the text
	if got, err := (Shape{Vector: 2}).Take(nil, &p); err != nil || !slices.Equal(got, want) {
		t.Errorf("inputs without features %v, %v, want %v", got, err, want)
	}
}

// TestGroups expects groups that cover the inputs in their order, with the cues last.
func TestGroups(t *testing.T) {
	p := prompt("What is 3 + 4?\nA) 7\nB) 8", 1)
	s := ShapeOf([]routers.Prompt{p})
	x, err := s.Take(nil, &p)
	if err != nil || len(x) != s.Dim() || s.Cues != len(features.All()) || !s.Needs().Cues {
		t.Fatalf("%v, shape %v, %v", x, s, err)
	}
	at := 0
	for _, g := range s.Groups() {
		if g.From != at || g.To <= g.From {
			t.Errorf("group %v does not begin at input %d", g, at)
		}
		at = g.To
	}
	if at != s.Dim() || x[at-1] != float64(features.Of(p.Text)[s.Cues-1]) {
		t.Errorf("the groups end at input %d of %d, and the last input is %v", at, s.Dim(), x[at-1])
	}
}

// TestShapeWithoutCues expects a router of prompts without a text to read no cues.
func TestShapeWithoutCues(t *testing.T) {
	with, without := prompt("a", 1), prompt("a", 1)
	without.HasText = false
	if s := ShapeOf([]routers.Prompt{with, without}); s != (Shape{Vector: 1}) || s.Needs().Cues {
		t.Errorf("shape %v, want no cues", s)
	}
	if _, err := ShapeOf([]routers.Prompt{with}).Take(nil, &without); err == nil || !strings.Contains(err.Error(), "cues") {
		t.Errorf("error %v, want one about cues", err)
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
		if _, err := (Shape{Vector: 2}).Take(nil, &p); err == nil || !strings.HasPrefix(err.Error(), `sample "a": `+want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestOf(t *testing.T) {
	p := prompt("x", 3)
	chat, gold := &training.Source{Kind: training.Judge, Prompts: []routers.Prompt{p}}, &training.Source{Kind: training.Gold, Prompts: []routers.Prompt{p, p}}
	s := ShapeOfSources([]*training.Source{gold, chat})
	if got := s.Of(gold); len(got) != 2 || len(got[0]) != s.Dim() || got[0][0] != 3 {
		t.Errorf("inputs %v", got)
	}
	if got := s.OfChat([]*training.Source{gold, chat, chat}); len(got) != 2 {
		t.Errorf("inputs of %d prompts, want those of 2 graded ones", len(got))
	}
}

// TestScaler checks means, variances and limits, and that sums of scaled inputs agree.
func TestScaler(t *testing.T) {
	x := [][]float64{{1, 2, 5, 1, 0, 4}, {3, -2, 4, 1, 2, 1}, {0, 1, 3, 1, 1, 0}} // the second count never varies
	s := NewScaler(Shape{Vector: 2}, x)
	l := Linear{Weights: []float64{0.5, -1, 2, 3, -0.25, 1}, Intercept: 7}
	total, count := 0.0, 0.0
	for i, z := range s.Apply(x) {
		if got, want := s.Sum(l, x[i]), l.At(z); got != want {
			t.Errorf("row %d: the sum is %v, want %v", i, got, want)
		}
		total, count = total+(z[0]*z[0]+z[1]*z[1])/3, count+z[2]*z[2]/3
		if z[3] != 0 {
			t.Errorf("row %d: an input that never varies is %v, want 0", i, z[3])
		}
	}
	if math.Abs(total-1) > 1e-12 || math.Abs(count-1) > 1e-12 {
		t.Errorf("variances %v of the vector and %v of a count, want 1", total, count)
	}
	far := s.Row(nil, []float64{0, 0, 1e6, 5, -1e6, 0})
	if far[2] != farthest || far[4] != -farthest || far[3] != 0 {
		t.Errorf("far counts are %v, want at most %v", far[2:], farthest)
	}
}

func TestScalersRoundTrip(t *testing.T) {
	shape := Shape{Vector: 2, Cues: len(features.All())}
	a := Scaler{Shape: shape, Mean: make([]float64, shape.Dim()), Scale: make([]float64, shape.Dim())}
	a.Mean[3], a.Scale[4] = 5, 7
	stored := func() *safetensors.File {
		f := &safetensors.File{Tensors: map[string]safetensors.Tensor{}, Metadata: map[string]string{"recipe": "routellm train mf --data x"}}
		Store(f, "s", a, a)
		return f
	}
	got, err := Read(stored(), "s", 2, shape.Dim())
	if err != nil || len(got) != 2 || got[1].Shape != shape || !slices.Equal(got[1].Mean, a.Mean) || !slices.Equal(got[0].Scale, a.Scale) {
		t.Errorf("%v, %v, want twice %v", got, err, a)
	}
	for want, change := range map[string]func(f *safetensors.File){
		"cues of digest":         func(f *safetensors.File) { f.Metadata[digestKey] = strings.Repeat("0", 64) },
		"expected a number":      func(f *safetensors.File) { f.Metadata[cuesKey] = "-3" },
		"the model reads 2 cues": func(f *safetensors.File) { f.Metadata[cuesKey] = "2" },
		`tensor "s"`:             func(f *safetensors.File) { f.Tensors["s"] = safetensors.NewFloats(make([]float64, 6), 1, 6) },
	} {
		f := stored()
		change(f)
		_, err := Read(f, "s", 2, shape.Dim())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
		if again := strings.Contains(want, "digest"); again && !slices.Contains(hint.Of(err), "train it again: routellm train mf --data x") {
			t.Errorf("%q: hints %q, want how to train again", want, hint.Of(err))
		}
	}
}

// TestPlainScalers expects inputs of a file without scalers as they are, and a file that stays so.
func TestPlainScalers(t *testing.T) {
	f := &safetensors.File{Tensors: map[string]safetensors.Tensor{}, Metadata: map[string]string{}}
	got, err := Read(f, "s", 1, 6)
	if err != nil || got[0].Shape != (Shape{Vector: 2}) {
		t.Fatalf("%v, %v", got, err)
	}
	x := []float64{1, -2, 1e9, 4, 5, -6}
	if z := got[0].Row(nil, x); !slices.Equal(z, x) || got[0].Sum(Linear{x, 1}, x) != (Linear{x, 1}).At(x) {
		t.Errorf("inputs %v, want %v", z, x)
	}
	if Store(f, "s", got...); len(f.Tensors) > 0 || len(f.Metadata) > 0 {
		t.Errorf("stored %v", f)
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
