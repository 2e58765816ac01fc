package mf

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/ridge"
	"github.com/routellm/routellm/routers/training"
)

// synthetic returns a source whose label is a known direction plus noise.
func synthetic(kind training.Kind, name string, n int, seed uint64, shift float64) *training.Source {
	rng := rand.New(rand.NewPCG(seed, 1))
	s := &training.Source{Kind: kind, Name: name, SHA256: strings.Repeat("0", 64)}
	for i := range n {
		x := make([]float32, 8)
		for j := range x {
			x[j] = float32(rng.NormFloat64())
		}
		x[7] += float32(shift) // lets the gate distinguish the sources
		label := float64(2*x[0]-x[1]) + 0.5*rng.NormFloat64()
		f := counts(math.Exp(rng.NormFloat64()), math.Exp(rng.NormFloat64()), math.Exp(rng.NormFloat64()), math.Exp(rng.NormFloat64()))
		s.Prompts, s.Norm, s.Label = append(s.Prompts, routers.Prompt{Vector: x, Features: f}), append(s.Norm, datasets.SHA256Hex(name+string(rune(i)))), append(s.Label, label)
		s.Won, s.Gain = append(s.Won, won(label)), append(s.Gain, won(label)-0.4)
	}
	return s
}

// shapeOf returns the shape of a source's inputs.
func shapeOf(s *training.Source) inputs.Shape { return inputs.ShapeOf(s.Prompts) }

func counts(chars, words, lines, numbers float64) routers.Features {
	return routers.Features{}.With(routers.Chars, chars).With(routers.Words, words).With(routers.Lines, lines).With(routers.Numbers, numbers)
}

// won returns 1 for a label above 0 and 0 otherwise.
func won(label float64) float64 {
	if label > 0 {
		return 1
	}
	return 0
}

func train(t *testing.T, sources ...*training.Source) *Model {
	t.Helper()
	m, reports, err := Train(sources, training.Options{Strong: "s", Weak: "w", Encoder: "e", EncoderSHA256: strings.Repeat("1", 64), Recipe: "r", Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if !(r.LogLoss < r.Constant) || !(r.Accuracy > r.Majority) || !(r.APGR > 0.6) {
			t.Errorf("%+v: the model is no better than a constant on an easy task", r)
		}
	}
	return m
}

func TestTrainFindsTheDirection(t *testing.T) {
	m := train(t, synthetic(training.Judge, "a", 400, 1, 0))
	w := m.heads[0].score.Weights
	if math.Abs(w[1]/w[0]+0.5) > 0.05 || math.Abs(w[2]/w[0]) > 0.05 {
		t.Errorf("weights %.3v, expected a multiple of [2 -1 0 ...]", w)
	}
	up, down := make([]float64, 8+inputs.Counts), make([]float64, 8+inputs.Counts)
	up[0], down[0] = 2, -2
	if hi, lo := m.winRate(up), m.winRate(down); !(hi > 0.9 && lo < 0.1) {
		t.Errorf("win rates %v and %v", hi, lo)
	}
}

func TestGateKeepsSourcesApart(t *testing.T) {
	a, b := synthetic(training.Judge, "a", 400, 1, -4), synthetic(training.Gold, "b", 400, 2, 4)
	for i, p := range b.Prompts { // the labels of the other source have the opposite sign
		b.Label[i] = float64(-2*p.Vector[0] + p.Vector[1])
		b.Won[i], b.Gain[i] = won(b.Label[i]), won(b.Label[i])-0.4
	}
	m := train(t, a, b)
	x := make([]float64, 8+inputs.Counts)
	for _, c := range []struct{ place, sign float64 }{{-4, 1}, {4, -1}} {
		x[7], x[0] = c.place, 2
		if rate := m.winRate(x); (rate-0.5)*c.sign < 0.3 {
			t.Errorf("at %v: win rate %v", c.place, rate)
		}
	}
}

func TestFileRoundTrip(t *testing.T) {
	m := train(t, synthetic(training.Judge, "a", 100, 1, -4), synthetic(training.Gold, "b", 100, 2, 4))
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := m.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	opened, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	got := opened.(*Model)
	x := m.HeldOutScore
	if !slices.Equal(got.HeldOutScore, x) || !slices.Equal(got.Training, m.Training) || got.Seed != 7 || !slices.Equal(got.Sources, m.Sources) {
		t.Errorf("read %+v", got)
	}
	prompts := []routers.Prompt{{ID: "p", Vector: make([]float32, 8), Features: counts(10, 2, 1, 0)}}
	a, err := m.Scores(context.Background(), prompts)
	if err != nil {
		t.Fatal(err)
	}
	b, err := got.Scores(context.Background(), prompts)
	if err != nil || !slices.Equal(a, b) {
		t.Errorf("scores %v and %v, %v", a, b, err)
	}
	one, _ := m.Bytes()
	two, _ := got.Bytes()
	if !bytes.Equal(one, two) {
		t.Error("the bytes of a model that was read differ")
	}
	if s, ok := got.HeldOut(m.HeldOutNorm[3]); !ok || s != x[3] {
		t.Errorf("held out %v, %v", s, ok)
	}
	if _, ok := got.HeldOut("nothing"); ok {
		t.Error("a prompt that was not trained on is held out")
	}
}

func TestOpenRefuses(t *testing.T) {
	m := train(t, synthetic(training.Judge, "a", 100, 1, 0))
	whole, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for want, data := range map[string][]byte{
		"not a safetensors file": []byte("hello, I am text"), "cut short": whole[:len(whole)/2], "shorter than 8": nil,
		"format": bytes.Replace(whole, []byte(formatName), []byte("routellm-xx"), 1),
	} {
		path := filepath.Join(t.TempDir(), "m")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), want) && want != "cut short" {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestTrainRefuses(t *testing.T) {
	for want, sources := range map[string][]*training.Source{
		"no sources to train on": nil,
		"expected at least 20":   {synthetic(training.Judge, "a", 19, 1, 0)},
		"two sources are named ": {synthetic(training.Gold, "a", 30, 1, 0), synthetic(training.Gold, "a", 30, 2, 0)},
	} {
		if _, _, err := Train(sources, training.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestOneClassOnlyTrains(t *testing.T) {
	s := synthetic(training.Gold, "a", 60, 1, 0)
	for i := range s.Label {
		s.Label[i], s.Won[i] = 1, 1
	}
	m, _, err := Train([]*training.Source{s}, training.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if rate := m.winRate(shapeOf(s).Of(s)[0]); !(rate > 0.8 && rate < 1) {
		t.Errorf("win rate %v where the strong model always won", rate)
	}
}

func TestScoresNeedVectorAndCounts(t *testing.T) {
	m := train(t, synthetic(training.Judge, "a", 100, 1, 0))
	for _, p := range []routers.Prompt{
		{ID: "a", Features: counts(0, 0, 0, 0)}, {ID: "a", Vector: make([]float32, 8)}, {ID: "a", Vector: make([]float32, 9), Features: counts(0, 0, 0, 0)},
		{ID: "a", Vector: make([]float32, 8), Features: counts(0, math.NaN(), 0, 0)},
		{ID: "a", Vector: make([]float32, 8), Features: routers.Features{}.With(routers.Chars, 3).With(routers.Lines, 1)},
		{ID: "a", Vector: []float32{0, 0, 0, 0, 0, 0, 0, float32(math.NaN())}, Features: counts(0, 0, 0, 0)},
	} {
		if _, err := m.Scores(context.Background(), []routers.Prompt{p}); err == nil || !strings.Contains(err.Error(), `sample "a"`) {
			t.Errorf("%+v: error %v", p, err)
		}
	}
}

// TestRidgeIsTheMinimum perturbs the solution in every direction.
func TestRidgeIsTheMinimum(t *testing.T) {
	s := synthetic(training.Judge, "a", 50, 3, 0)
	rows := shapeOf(s).Of(s)
	g := ridge.New(len(rows[0]), 1)
	for i, x := range rows {
		g.Add(x, s.Label[i])
	}
	solved := g.Solve(2)[0]
	w, c := solved.Weights, solved.Intercept
	loss := func(w []float64, c float64) float64 {
		sum := 0.0
		for i, x := range rows {
			d := s.Label[i] - inputs.Linear{Weights: w, Intercept: c}.At(x)
			sum += d * d
		}
		for _, v := range w {
			sum += 2 * v * v
		}
		return sum
	}
	best := loss(w, c)
	for j := range w {
		for _, step := range []float64{-1e-3, 1e-3} {
			v := slices.Clone(w)
			v[j] += step
			if loss(v, c) < best || loss(w, c+step) < best {
				t.Fatalf("the error falls with a step in direction %d, so the solution is not the minimum", j)
			}
		}
	}
}

func TestBuiltin(t *testing.T) {
	for _, v := range append(Variants(), "") {
		m, err := Builtin(v)
		if err != nil || len(m.TrainingPrompts()) < 299 {
			t.Errorf("%q: %v", v, err)
		}
	}
	if _, err := Builtin("nope"); err == nil {
		t.Error("no error for an unknown variant")
	}
}

func BenchmarkScore(b *testing.B) {
	m, err := Builtin("")
	if err != nil {
		b.Fatal(err)
	}
	prompts := []routers.Prompt{{Vector: make([]float32, 256), Features: counts(10, 3, 1, 0)}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Scores(context.Background(), prompts); err != nil {
			b.Fatal(err)
		}
	}
}
