package swranking

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
	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// TestTiersAreTheBest compares the tiers with every possible division.
func TestTiersAreTheBest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for n := 1; n <= 8; n++ {
		x := make([]float64, n)
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		sorted := slices.Clone(x)
		slices.SortFunc(sorted, func(a, b float64) int { return int(math.Copysign(1, b-a)) })
		for k := 1; k <= n; k++ {
			tier := tiersOf(x, k)
			got := 0.0
			for tt := range k {
				var group []float64
				for i, v := range x {
					if tier[i] == tt {
						group = append(group, v)
					}
				}
				if len(group) == 0 {
					t.Fatalf("n = %d: tier %d of %d is empty: %v", n, tt, k, tier)
				}
				got += variance(group)
			}
			if want := cheapest(sorted, k); math.Abs(got-want) > 1e-12 {
				t.Errorf("n = %d, %d tiers: variances add up to %v, least %v", n, k, got, want)
			}
		}
	}
}

// cheapest returns the smallest sum of variances of k runs, found by trying all.
func cheapest(sorted []float64, k int) float64 {
	if k == 1 {
		return variance(sorted)
	}
	best := math.Inf(1)
	for i := 1; i <= len(sorted)-k+1; i++ {
		best = min(best, variance(sorted[:i])+cheapest(sorted[i:], k-1))
	}
	return best
}

func train(t *testing.T, sources ...*training.Source) *Model {
	t.Helper()
	m, _, err := Train(sources, training.Options{Strong: "m0", Weak: "m59", Encoder: "e", EncoderSHA256: strings.Repeat("1", 64), Seed: 7}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestUnlikePromptsFollowLength gives prompts far from the training prompts win rates by length, but
// not in the form of the reference implementation.
func TestUnlikePromptsFollowLength(t *testing.T) {
	s := synthetic(3000, 8, 1)
	s.Kind = training.Gold
	for i := range s.Prompts {
		s.Prompts[i].Features = routers.FeaturesOf(strings.Repeat("a lamp ", 1+i%9))
		s.Norm[i] = datasets.NormSHA256Hex(s.Norm[i])
		s.Label = append(s.Label, float64(i%2))
	}
	m := train(t, s)
	far := func(words int) routers.Prompt {
		p := routers.Prompt{Vector: make([]float32, 8), Features: routers.FeaturesOf(strings.Repeat("a lamp ", words))}
		p.Vector[0] = 1e3
		return p
	}
	prompts := []routers.Prompt{far(1), far(5), far(9)}
	got, err := m.Scores(context.Background(), prompts)
	if err != nil || !(got[0] < got[1] && got[1] < got[2]) || got[0] < 0 || got[2] > 1 {
		t.Errorf("win rates %v, %v of unlike prompts, want them to rise with length, within 0 and 1", got, err)
	}
	compat, err := m.Compat()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := compat.Scores(context.Background(), prompts); err != nil || got[0] != got[1] || got[1] != got[2] {
		t.Errorf("the reference's win rates of equal vectors are %v, %v, want them equal", got, err)
	}
	if m.Needs() == compat.Needs() {
		t.Error("the reference needs features")
	}
}

// TestScoresFollowTheNeighbourhood lets the strong model win on one side of the space and
// lose on the other.
func TestScoresFollowTheNeighbourhood(t *testing.T) {
	s := synthetic(2000, 8, 1)
	for i := range s.Battles {
		v := s.Prompts[i].Vector
		for k := range v {
			v[k] /= 10
		}
		v[0] = float32(1 - 2*(i%2))
		if i%4 < 2 {
			s.Battles[i] = training.Battle{Prompt: i, A: "m0", B: "m59", Won: 1 - 0.8*float64(i%2), Weight: 1}
		}
	}
	m := train(t, s)
	q := []routers.Prompt{{Vector: make([]float32, 8)}, {Vector: make([]float32, 8)}, {Vector: make([]float32, 8)}}
	q[0].Vector[0], q[1].Vector[0] = 1, -1 // the third query has no direction, so all battles count the same
	got, err := m.Scores(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if !(got[0] > got[2]+0.1 && got[2] > got[1]+0.1) {
		t.Errorf("win rates %v, want high, low and between", got)
	}
}

// TestHeldOutLeavesOutItsFold compares with a model that never saw the prompts of a fold and has the
// same tiers, moved to the level of all battles.
func TestHeldOutLeavesOutItsFold(t *testing.T) {
	s := synthetic(300, 8, 1)
	s.Norm[299], s.Norm[298] = "same", "same" // a repeated prompt
	m := train(t, s)
	fold := training.FoldsOf(s.Norm, 0)
	other := *s
	other.Prompts, other.Norm, other.Battles = nil, nil, nil
	for i, b := range s.Battles {
		if fold[i] != fold[299] {
			b.Prompt = len(other.Prompts)
			other.Prompts, other.Norm, other.Battles = append(other.Prompts, s.Prompts[i]), append(other.Norm, s.Norm[i]), append(other.Battles, b)
		}
	}
	names, find := training.Models(s.Battles)
	tier, err := m.tiers(names, find)
	if err != nil {
		t.Fatal(err)
	}
	unseen := train(t, &other)
	strong, weak := m.ranking.strong, m.ranking.weak
	unseen.ranking = newRanking(len(other.Prompts), other.Battles, tier, find, false)
	unseen.ranking.strong, unseen.ranking.weak = strong, weak
	none := routers.Prompt{Vector: make([]float32, 8)} // all battles count the same for it
	own, err := unseen.Scores(context.Background(), []routers.Prompt{s.Prompts[298], none})
	if err != nil {
		t.Fatal(err)
	}
	whole, _ := m.Scores(context.Background(), []routers.Prompt{s.Prompts[298], none})
	logit := func(p float64) float64 { return math.Log(p / (1 - p)) }
	want := bradleyterry.Sigmoid(logit(own[0]) - logit(own[1]) + logit(whole[1]))
	if got, ok := m.HeldOut("same"); !ok || math.Abs(got-want) > 1e-9 {
		t.Errorf("held out %v, %v, want %v", got, ok, want)
	}
	if math.Abs(whole[0]-want) < 1e-6 {
		t.Error("its own fold does not count: the test shows nothing")
	}
}

func TestFileRoundTrip(t *testing.T) {
	s, g := synthetic(200, 8, 1), synthetic(100, 8, 2)
	g.Kind, g.Name = training.Gold, "g"
	for i := range g.Norm {
		g.Battles[i].Weight, g.Battles[i].Won = 0.25+float64(i), float64(i)/99
		g.Norm[i] = strings.Repeat("a", 60) + s.Norm[i]
	}
	for _, src := range []*training.Source{s, g} {
		for i, norm := range src.Norm {
			src.Norm[i] = strings.Repeat("0", 64-len(norm)) + norm
		}
	}
	m := train(t, s, g)
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := m.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	got, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := m.Bytes()
	if again, err := got.Bytes(); err != nil || !bytes.Equal(again, want) {
		t.Errorf("a model's bytes differ after it was written and read, error %v", err)
	}
	q := queries(5, 8, 3)
	a, _ := m.Scores(context.Background(), q)
	if b, err := got.Scores(context.Background(), q); err != nil || !slices.Equal(a, b) {
		t.Errorf("scores %v and %v, %v", a, b, err)
	}
	if !slices.Equal(got.TrainingPrompts(), m.TrainingPrompts()) || len(got.Training) != 300 {
		t.Errorf("%d training prompts", len(got.Training))
	}
	part, err := newModel(got.only(training.Arena), false)
	if err != nil {
		t.Fatal(err)
	}
	a, _ = train(t, s).Scores(context.Background(), q)
	if b, err := part.Scores(context.Background(), q); err != nil || !slices.Equal(a, b) || len(part.Training) != 200 {
		t.Errorf("one source alone: scores %v and %v, %v", a, b, err)
	}
}

// TestWon stores few and many different shares.
func TestWon(t *testing.T) {
	for _, n := range []int{1, 256, 257, 1000} {
		want := make([]float64, n)
		for i := range want {
			want[i] = float64(n-i-1) / float64(n)
		}
		f := &safetensors.File{Tensors: map[string]safetensors.Tensor{}}
		storeWon(f, want)
		if got, err := readWon(f, nil, []int{n, battleFields}); err != nil || !slices.Equal(got, want) {
			t.Errorf("%d shares come back as %v, %v", n, got, err)
		}
	}
	for want, tensors := range map[string]map[string]safetensors.Tensor{
		`tensor "won" has 1 elements, expected 2`: {"won": {Type: "U8", Shape: []int{1}, Data: []byte{0}}},
		`tensor "shares" is missing`:              {"won": {Type: "U8", Shape: []int{2}, Data: []byte{0, 0}}},
		`battle 2 has share 1, of 1`:              {"won": {Type: "U8", Shape: []int{2}, Data: []byte{0, 1}}, "shares": safetensors.NewFloats([]float64{0.5}, 1)},
		`model a won 2 of battle 1`:               {"won": {Type: "U8", Shape: []int{2}, Data: []byte{0, 0}}, "shares": safetensors.NewFloats([]float64{2}, 1)},
	} {
		if _, err := readWon(&safetensors.File{Tensors: tensors}, nil, []int{2, battleFields}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	s := synthetic(100, 8, 1)
	for i, norm := range s.Norm {
		s.Norm[i] = strings.Repeat("0", 64-len(norm)) + norm
	}
	whole, err := train(t, s).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for want, data := range map[string][]byte{
		"not a safetensors file": []byte("hello, I am text"), "cut short": whole[:len(whole)/2],
		"format":                  bytes.Replace(whole, []byte(formatName), []byte("routellm-xx_ranking"), 1),
		`tensor "battles"`:        bytes.Replace(whole, []byte(`"battles"`), []byte(`"battlez"`), 1),
		"tensor \"vectors\" has":  bytes.Replace(whole, []byte(`"vectors"`), []byte(`"vectorz"`), 1),
		"no battle has the model": bytes.Replace(whole, []byte(`"strong":"m0"`), []byte(`"strong":"mx"`), 1),
		"expected a row be":       bytes.Replace(whole, []byte(`[\"m`), []byte(`[],\"`), 1),
	} {
		path := filepath.Join(t.TempDir(), "m")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil {
			t.Errorf("%s: no error", want)
		} else if !strings.Contains(err.Error(), want) && want != "cut short" && want != "expected a row be" {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestTrainRefuses(t *testing.T) {
	alone := &training.Source{Name: "a", Prompts: queries(1, 8, 1), Norm: []string{"n"}, Battles: []training.Battle{{Prompt: 0, A: "x", B: "x", Won: 1, Weight: 1}}}
	for want, c := range map[string]struct {
		sources []*training.Source
		strong  string
	}{
		"no sources to train on": {nil, "m0"},
		`has the model "nobody"`: {[]*training.Source{synthetic(50, 8, 1)}, "nobody"},
		"are in the same tier ":  {[]*training.Source{alone}, "x"},
	} {
		_, _, err := Train(c.sources, training.Options{Strong: c.strong, Weak: "x"}, 0)
		if c.strong == "nobody" {
			_, _, err = Train(c.sources, training.Options{Strong: "nobody", Weak: "m59"}, 0)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestVectorOfAnotherLength(t *testing.T) {
	m := train(t, synthetic(100, 8, 1))
	if _, err := m.Scores(context.Background(), queries(1, 9, 1)); err == nil || !strings.Contains(err.Error(), "9 components, expected 8") {
		t.Errorf("error %v", err)
	}
	p := queries(1, 8, 1)
	p[0].ID, p[0].Vector[2] = "a", float32(math.Inf(1))
	if _, err := m.Scores(context.Background(), p); err == nil || err.Error() != `sample "a": component 3 of the vector is +Inf, expected a finite number` {
		t.Errorf("error %v", err)
	}
}

func TestBuiltin(t *testing.T) {
	for variant, prompts := range map[string]int{"": 10984, "arena": 8900, "judge": 299, "gold": 1800} {
		m, err := Builtin(variant)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(m.TrainingPrompts()); got != prompts {
			t.Errorf("%q: %d training prompts, want %d", variant, got, prompts)
		}
	}
}
