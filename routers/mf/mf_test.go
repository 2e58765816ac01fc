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
)

// synthetic makes a source whose label is a known direction plus noise.
func synthetic(kind Kind, name string, n int, seed uint64, shift float64) *Source {
	rng := rand.New(rand.NewPCG(seed, 1))
	s := &Source{Kind: kind, Name: name, SHA256: strings.Repeat("0", 64)}
	for i := range n {
		x := make([]float64, 8+counts)
		for j := range x {
			x[j] = rng.NormFloat64()
		}
		x[7] += shift // what the gate can tell sources by
		label := 2*x[0] - x[1] + 0.5*rng.NormFloat64()
		s.Inputs, s.Norm, s.Label = append(s.Inputs, x), append(s.Norm, datasets.SHA256Hex(name+string(rune(i)))), append(s.Label, label)
		s.Won = append(s.Won, better(label, 0))
	}
	return s
}

func train(t *testing.T, sources ...*Source) *Model {
	t.Helper()
	m, reports, err := Train(sources, Options{Strong: "s", Weak: "w", Encoder: "e", EncoderSHA256: strings.Repeat("1", 64), Recipe: "r", Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if !(r.Error < r.Baseline) || !(r.LogLoss < r.Constant) {
			t.Errorf("%+v: no better than a constant on an easy task", r)
		}
	}
	return m
}

func TestTrainFindsTheDirection(t *testing.T) {
	m := train(t, synthetic(Judge, "a", 400, 1, 0))
	w := m.Heads[0].Score.Weights
	if math.Abs(w[1]/w[0]+0.5) > 0.05 || math.Abs(w[2]/w[0]) > 0.05 {
		t.Errorf("weights %.3v, want a multiple of [2 -1 0 ...]", w)
	}
	up, down := make([]float64, 8+counts), make([]float64, 8+counts)
	up[0], down[0] = 2, -2
	if hi, lo := m.WinRate(up), m.WinRate(down); !(hi > 0.9 && lo < 0.1) {
		t.Errorf("win rates %v and %v", hi, lo)
	}
}

func TestGateKeepsSourcesApart(t *testing.T) {
	a, b := synthetic(Judge, "a", 400, 1, -4), synthetic(Gold, "b", 400, 2, 4)
	for i, x := range b.Inputs { // the other source wants the opposite
		b.Label[i] = -2*x[0] + x[1]
		b.Won[i] = better(b.Label[i], 0)
	}
	m := train(t, a, b)
	x := make([]float64, 8+counts)
	for _, c := range []struct{ place, sign float64 }{{-4, 1}, {4, -1}} {
		x[7], x[0] = c.place, 2
		if rate := m.WinRate(x); (rate-0.5)*c.sign < 0.3 {
			t.Errorf("at %v: win rate %v", c.place, rate)
		}
	}
}

func TestFileRoundTrip(t *testing.T) {
	m := train(t, synthetic(Judge, "a", 100, 1, -4), synthetic(Gold, "b", 100, 2, 4))
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := m.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	got, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	x := m.HeldOutScore
	if !slices.Equal(got.HeldOutScore, x) || !slices.Equal(got.Training, m.Training) || got.Seed != 7 || !slices.Equal(got.Sources, m.Sources) {
		t.Errorf("read %+v", got)
	}
	prompts := []routers.Prompt{{ID: "p", Vector: make([]float32, 8), Features: &routers.Features{Chars: 10, Words: 2, Lines: 1}}}
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
	m := train(t, synthetic(Judge, "a", 100, 1, 0))
	whole, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for want, data := range map[string][]byte{
		"not safetensors": []byte("hello, I am text"), "cut short": whole[:len(whole)/2], "shorter than 8": nil,
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
	for want, sources := range map[string][]*Source{
		"nothing to train on":     nil,
		"want at least 20":        {synthetic(Judge, "a", 19, 1, 0)},
		"two sources are called ": {synthetic(Gold, "a", 30, 1, 0), synthetic(Gold, "a", 30, 2, 0)},
	} {
		if _, _, err := Train(sources, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestOneClassOnlyTrains(t *testing.T) {
	s := synthetic(Gold, "a", 60, 1, 0)
	for i := range s.Label {
		s.Label[i], s.Won[i] = 1, 1
	}
	m, _, err := Train([]*Source{s}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if rate := m.WinRate(s.Inputs[0]); !(rate > 0.8 && rate < 1) {
		t.Errorf("win rate %v where the strong model always won", rate)
	}
}

func TestScoresNeedVectorAndCounts(t *testing.T) {
	m := train(t, synthetic(Judge, "a", 100, 1, 0))
	for _, p := range []routers.Prompt{
		{ID: "a", Features: &routers.Features{}}, {ID: "a", Vector: make([]float32, 8)}, {ID: "a", Vector: make([]float32, 9), Features: &routers.Features{}},
		{ID: "a", Vector: make([]float32, 8), Features: &routers.Features{Words: math.NaN()}},
	} {
		if _, err := m.Scores(context.Background(), []routers.Prompt{p}); err == nil || !strings.Contains(err.Error(), `sample "a"`) {
			t.Errorf("%+v: error %v", p, err)
		}
	}
}

// TestRidgeIsTheMinimum perturbs the solution in every direction.
func TestRidgeIsTheMinimum(t *testing.T) {
	s := synthetic(Judge, "a", 50, 3, 0)
	g := newGram(len(s.Inputs[0]))
	for i, x := range s.Inputs {
		g.add(x, s.Label[i])
	}
	w, c := g.solve(2)
	loss := func(w []float64, c float64) float64 {
		sum := 0.0
		for i, x := range s.Inputs {
			d := s.Label[i] - Linear{w, c}.At(x)
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
				t.Fatalf("a step in direction %d is better", j)
			}
		}
	}
}

func TestVoteLabels(t *testing.T) {
	// x beats y nine times of ten, so that x is the stronger one.
	var a, b, winner []string
	for i := range 10 {
		a, b, winner = append(a, "x"), append(b, "y"), append(winner, "model_a")
		if i == 9 {
			winner[i] = "model_b"
		}
	}
	a, b, winner = append(a, "y", "y"), append(b, "x", "x"), append(winner, "tie", "tie_or_model_a")
	label, won := voteLabels(a, b, winner)
	if want := []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0}; !slices.Equal(won, want) {
		t.Errorf("won %v, want %v", won, want)
	}
	if !(label[0] > 0 && label[0] < 0.5 && label[9] < -0.5) {
		t.Errorf("labels %v", label)
	}
}

func TestDrawGold(t *testing.T) {
	table := &datasets.Table{Contaminated: make([]bool, 100)}
	for i := range 100 {
		table.PromptNormSHA256 = append(table.PromptNormSHA256, datasets.SHA256Hex(string(rune(i/2)))) // each twice
	}
	table.Contaminated[0] = true
	rows, err := DrawGold(table, 20, 1)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := DrawGold(table, 20, 1)
	other, _ := DrawGold(table, 20, 2)
	if !slices.Equal(rows, again) || slices.Equal(rows, other) || slices.Contains(rows, 0) {
		t.Errorf("rows %v, again %v, other seed %v", rows, again, other)
	}
	seen := map[string]bool{}
	for _, i := range rows {
		if seen[table.PromptNormSHA256[i]] {
			t.Errorf("prompt of row %d is drawn twice", i)
		}
		seen[table.PromptNormSHA256[i]] = true
	}
	if _, err := DrawGold(table, 51, 1); err == nil {
		t.Error("more rows than there are prompts")
	}
}

func TestCopies(t *testing.T) {
	rows := func(prefix string, inputs ...[]float64) Rows {
		r := Rows{Inputs: inputs, Table: &datasets.Table{}}
		for i := range inputs {
			r.Table.PromptNormSHA256 = append(r.Table.PromptNormSHA256, prefix+string(rune('a'+i)))
		}
		return r
	}
	long := math.Log1p(100)
	bench := rows("", []float64{1, 0, long, 0, 0, 0}, []float64{0, 1, long, 0, 0, 0})
	data := rows("x",
		[]float64{1, 0.1, long, 0, 0, 0},            // near
		[]float64{1, 0.1, math.Log1p(130), 0, 0, 0}, // near, but longer
		[]float64{1, 1, long, 0, 0, 0},              // between the two
		[]float64{0, 0, long, 0, 0, 0},              // nothing to compare
		[]float64{-1, 0, math.Log1p(5), 9, 9, 9})    // far
	data.Table.PromptNormSHA256[4] = "b" // the same prompt by its digest
	got := Copies(data, []Rows{bench})
	if len(got) != 2 || !got["xa"] || !got["b"] {
		t.Errorf("copies %v, want xa and b", got)
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
	prompts := []routers.Prompt{{Vector: make([]float32, 256), Features: &routers.Features{Chars: 10, Words: 3, Lines: 1}}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Scores(context.Background(), prompts); err != nil {
			b.Fatal(err)
		}
	}
}
