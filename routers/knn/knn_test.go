package knn

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/features"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/training"
)

// synthetic returns a source whose label follows one component; place shifts its vectors.
func synthetic(kind training.Kind, name string, n int, seed uint64, place float32) *training.Source {
	rng := rand.New(rand.NewPCG(seed, 1))
	s := &training.Source{Kind: kind, Name: name, SHA256: strings.Repeat("0", 64)}
	for i := range n {
		v := make([]float32, 6)
		for k := range v {
			v[k] = float32(rng.NormFloat64())
		}
		sign := float64(v[0])
		v[5] += place
		f := counts(10+90*rng.Float64(), 5, 1, 0)
		won := 0.0
		if sign > 0 {
			won = 1
		}
		cues := make([]float32, len(features.All()))
		for k := range cues {
			cues[k] = rng.Float32()
		}
		s.Prompts = append(s.Prompts, routers.Prompt{ID: name, Vector: v, Features: f, Cues: cues})
		s.Norm = append(s.Norm, datasets.SHA256Hex(name+string(rune(i))))
		s.Label, s.Won, s.Gain = append(s.Label, 3+sign), append(s.Won, won), append(s.Gain, won-0.4)
	}
	return s
}

func train(t *testing.T, sources ...*training.Source) *Model {
	t.Helper()
	m, reports, err := Train(sources, training.Options{Strong: "s", Weak: "w", Encoder: "e", EncoderSHA256: strings.Repeat("1", 64), Seed: 7}, 0)
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

// TestScoresByDefinition compares scores with the weighted mean, computed directly.
func TestScoresByDefinition(t *testing.T) {
	s := synthetic(training.Judge, "a", 150, 1, 0)
	m := train(t, s)
	h, q := m.heads[0], synthetic(training.Judge, "q", 5, 2, 0).Prompts
	got, err := m.Scores(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	level := training.Mean(s.Label)
	for i, p := range q {
		var sum, weight float64
		for j, x := range s.Prompts {
			w := math.Exp(-(1 - centredCosine(h.centre, p.Vector, x.Vector) + h.setting.counts*countsApart(p, x) + h.setting.cues*cuesApart(h, p, x)) / h.setting.temperature)
			sum, weight = sum+w*(s.Label[j]-level), weight+w
		}
		if want := m.scale.Rate((sum/weight - h.mean) / h.spread); math.Abs(got[i]-want) > 1e-5 {
			t.Errorf("prompt %d: win rate %v, want %v", i, got[i], want)
		}
	}
}

func centredCosine(centre, a, b []float32) float64 {
	var ab, aa, bb float64
	for k := range a {
		x, y := float64(a[k]-centre[k]), float64(b[k]-centre[k])
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb)
}

func countsApart(a, b routers.Prompt) float64 {
	x, y, sum := countsOf(a), countsOf(b), 0.0
	for k := range x {
		sum += (x[k] - y[k]) * (x[k] - y[k]) / 2
	}
	return sum
}

// cuesApart returns half the mean squared difference of scaled cues, rounded as they are stored.
func cuesApart(h *head, a, b routers.Prompt) float64 {
	place := func(p routers.Prompt) []float64 {
		x, err := h.inputs.Take(nil, &p)
		if err != nil {
			panic(err)
		}
		return h.inputs.Row(nil, x)[len(p.Vector)+4:]
	}
	sum, x, y := 0.0, place(a), place(b)
	for k := range x {
		sum += math.Pow((math.Round(32*x[k])-math.Round(32*y[k]))/32, 2) / 2
	}
	return sum / float64(len(x))
}

// TestCuesCount expects cues to matter where the labels follow from them.
func TestCuesCount(t *testing.T) {
	s := synthetic(training.Judge, "a", 300, 4, 0)
	for i, p := range s.Prompts {
		cue := p.Cues[3]
		for k := range p.Cues {
			p.Cues[k] = cue // one strong cue
		}
		s.Label[i], s.Won[i], s.Gain[i] = float64(cue), math.Round(float64(cue)), math.Round(float64(cue))-0.4
	}
	if m := train(t, s); m.heads[0].setting.cues == 0 {
		t.Errorf("the setting is %+v, which ignores the cues", m.heads[0].setting)
	}
}

// TestHeldOutLeavesOutCopies trains on a prompt twice: the label of its copy must not
// count.
func TestHeldOutLeavesOutCopies(t *testing.T) {
	s := synthetic(training.Judge, "a", 100, 1, 0)
	s.Prompts[1], s.Norm[1] = s.Prompts[0], s.Norm[0]
	s.Label[0], s.Label[1] = 100, 100
	h := headOf(s)
	group := make([]int, 100)
	for i := range group {
		group[i] = max(i, 1)
	}
	if out, err := h.predict(group, func(int) setting { return settings(true)[0] }); err != nil || out[0] > 10 {
		t.Errorf("held-out %v, %v: the label of the copy, 100, was used", out, err)
	}
}

// countsOf returns the logarithms of a prompt's counts.
func countsOf(p routers.Prompt) [4]float64 {
	var out [4]float64
	for k, name := range []routers.Feature{routers.Chars, routers.Words, routers.Lines, routers.Numbers} {
		v, _ := p.Features.Get(name)
		out[k] = math.Log1p(v)
	}
	return out
}

func counts(chars, words, lines, numbers float64) routers.Features {
	return routers.Features{}.With(routers.Chars, chars).With(routers.Words, words).With(routers.Lines, lines).With(routers.Numbers, numbers)
}

// headOf returns a head without a setting.
func headOf(s *training.Source) *head {
	shape := inputs.ShapeOf(s.Prompts)
	rows, vectors, places := shape.Of(s), [][]float32(nil), []place(nil)
	scale := inputs.NewScaler(shape, rows)
	for i, x := range rows {
		vectors, places = append(vectors, s.Prompts[i].Vector), append(places, placeOf(scale, x))
	}
	return newHead("a", scale, vectors, 0, places, s.Label)
}

func TestGateKeepsSourcesApart(t *testing.T) {
	a, b := synthetic(training.Judge, "a", 300, 1, -8), synthetic(training.Gold, "b", 300, 2, 8)
	for i := range b.Label { // the labels of the other source have the opposite sign
		b.Label[i], b.Won[i] = 6-b.Label[i], 1-b.Won[i]
		b.Gain[i] = b.Won[i] - 0.4
	}
	m := train(t, a, b)
	for _, c := range []struct {
		place float32
		sign  float64
	}{{-8, 1}, {8, -1}} {
		got, err := m.Scores(context.Background(), []routers.Prompt{{Vector: []float32{3, 0, 0, 0, 0, c.place}, Features: counts(50, 5, 1, 0), Cues: synthetic(training.Judge, "q", 1, 9, 0).Prompts[0].Cues}})
		if err != nil || (got[0]-0.5)*c.sign < 0.2 {
			t.Errorf("at %v: win rate %v, %v", c.place, got, err)
		}
	}
}

func TestFileRoundTrip(t *testing.T) {
	m := train(t, synthetic(training.Judge, "a", 100, 1, -8), synthetic(training.Gold, "b", 100, 2, 8))
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := m.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	got, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	one, _ := m.Bytes()
	if two, err := got.Bytes(); err != nil || !bytes.Equal(one, two) {
		t.Errorf("a model's bytes differ after it was written and read, error %v", err)
	}
	q := synthetic(training.Judge, "q", 5, 3, 0).Prompts
	a, _ := m.Scores(context.Background(), q)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if b, err := got.Scores(context.Background(), q); err != nil || !slices.Equal(a, b) {
		t.Errorf("scores %v and %v, %v", a, b, err)
	}
	m.heads[1].setting.temperature = 0
	cold, _ := m.Bytes()
	m.heads[1].setting.temperature = math.NaN()
	if _, err := m.Bytes(); err == nil || !strings.Contains(err.Error(), `tensor "gold.setting": element 3 is NaN`) {
		t.Errorf("error %v after NaN was written", err)
	}
	for want, data := range map[string][]byte{
		`head "gold" has temperature 0`: cold,
		"not a safetensors file":        []byte("hello, I am text"),
		"format":                        bytes.Replace(one, []byte(formatName), []byte("routellm-xxx"), 1),
		`"judge.labels"`:                bytes.Replace(one, []byte(`"judge.labels"`), []byte(`"judge.lapels"`), 1),
		"a class has head":              bytes.Replace(one, []byte(`"classes":"[0,1]"`), []byte(`"classes":"[0,7]"`), 1),
		"heads":                         bytes.Replace(one, []byte(`"heads":"[`), []byte(`"heads":"{`), 1),
	} {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestHeadsOfOneName trains on a file of grades whose name is the other head's.
func TestHeadsOfOneName(t *testing.T) {
	m := train(t, synthetic(training.Judge, "gold", 100, 1, -8), synthetic(training.Gold, "b", 100, 2, 8))
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := m.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	got, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	q := synthetic(training.Judge, "q", 5, 3, 0).Prompts
	a, _ := m.Scores(context.Background(), q)
	if b, err := got.Scores(context.Background(), q); err != nil || !slices.Equal(a, b) {
		t.Errorf("scores %v and %v, %v", a, b, err)
	}
}

func TestRefuses(t *testing.T) {
	for want, sources := range map[string][]*training.Source{
		"no sources to train on": nil,
		"expected at least 20":   {synthetic(training.Judge, "a", 19, 1, 0)},
	} {
		if _, _, err := Train(sources, training.Options{}, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	m := train(t, synthetic(training.Judge, "a", 100, 1, 0))
	for _, p := range []routers.Prompt{
		{ID: "a", Features: counts(0, 0, 0, 0)}, {ID: "a", Vector: make([]float32, 6)}, {ID: "a", Vector: make([]float32, 7), Features: counts(0, 0, 0, 0)},
		{ID: "a", Vector: make([]float32, 6), Features: counts(0, math.NaN(), 0, 0)},
	} {
		if _, err := m.Scores(context.Background(), []routers.Prompt{p}); err == nil || !strings.Contains(err.Error(), `sample "a"`) {
			t.Errorf("%+v: error %v", p, err)
		}
	}
}

func TestBuiltin(t *testing.T) {
	for variant, prompts := range map[string]int{"": 10984, "judge": 299, "gold": 1800} {
		m, err := Builtin(variant)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(m.TrainingPrompts()); got != prompts {
			t.Errorf("%q: %d training prompts, want %d", variant, got, prompts)
		}
	}
	if _, err := Builtin("nope"); err == nil {
		t.Error("no error for an unknown variant")
	}
}

func BenchmarkScores(b *testing.B) {
	m, err := Builtin("")
	if err != nil {
		b.Fatal(err)
	}
	prompts := make([]routers.Prompt, 1024)
	for i := range prompts {
		v := make([]float32, 256)
		for k := range v {
			v[k] = float32((i*7+k*13)%11-5) / 192
		}
		prompts[i] = routers.Prompt{Vector: v, Features: counts(10, 3, 1, 0)}
	}
	for b.Loop() {
		if _, err := m.Scores(context.Background(), prompts); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(b.N*len(prompts)), "µs/prompt")
}

// TestSearchExcludesFolds compares the errors that may choose a setting for a fold with those of a
// head that lacks the fold.
func TestSearchExcludesFolds(t *testing.T) {
	s := synthetic(training.Judge, "a", 60, 1, 0)
	fold, all := training.FoldsOf(s.Norm, 0), settings(true)[:2]
	h := headOf(s)
	rows := make([]int, 60)
	for i := range rows {
		rows[i] = i
	}
	errs, err := h.search(rows, rows, fold, all)
	if err != nil {
		t.Fatal(err)
	}
	for excluded := range training.Folds {
		want := 0.0
		for i := range rows {
			var m mean
			for j := range rows {
				if fold[j] != excluded && fold[j] != fold[i] {
					m.add(all[1].weight(h.places[i].to(&h.places[j], 1-centredCosine(h.centre, h.vectors[i], h.vectors[j]))), s.Label[j])
				}
			}
			if d := m.value() - s.Label[i]; fold[i] != excluded {
				want += d * d
			}
		}
		if math.Abs(errs[excluded][1]-want) > 1e-4*want {
			t.Errorf("without fold %d: error %v, want %v", excluded, errs[excluded][1], want)
		}
	}
}
