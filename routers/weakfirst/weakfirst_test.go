package weakfirst

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
)

// outcomes returns n prompts of a strong and a weak model. With skill, the weak model is less certain
// where it is wrong. change, if non-nil, changes a row's answer.
func outcomes(n int, skill bool, change func(i int, a *routers.Answer)) *training.Outcomes {
	r := rand.New(rand.NewPCG(7, uint64(n)))
	o := &training.Outcomes{Sources: []training.SourceInfo{{Kind: "gold", Name: "test", Prompts: n}}, Models: []string{"big", "small"}, Quality: pool.NewMatrix(n, 2)}
	for i := range n {
		text := fmt.Sprintf("question %d of %d", i, r.IntN(1000))
		p := routers.NewPrompt(fmt.Sprint(i), text)
		weak, certain := float64(r.IntN(2)), r.NormFloat64()
		if skill {
			certain += 2 * weak
		}
		a := routers.UnknownAnswer()
		a.Text, a.HasText, a.Finish, a.LogprobMean, a.Tokens = "The answer is 12.", true, "stop", -math.Exp(-certain), float64(3+r.IntN(9))
		if change != nil {
			change(i, &a)
		}
		p.Answer, p.Vector = &a, []float32{float32(r.NormFloat64()), float32(r.NormFloat64())}
		o.Prompts, o.Norm = append(o.Prompts, p), append(o.Norm, datasets.NormSHA256Hex(text))
		o.Cluster = append(o.Cluster, fmt.Sprint(i))
		copy(o.Quality.Row(i), []float64{float64(min(1, r.IntN(10))), weak})
	}
	return o
}

func train(t *testing.T, o *training.Outcomes, options Options) (*Model, training.Report) {
	t.Helper()
	options.Strong, options.Weak = "big", "small"
	m, reports, err := Train(context.Background(), o, 0, 1, options)
	if err != nil {
		t.Fatal(err)
	}
	return m, reports[0]
}

func scores(t *testing.T, m *Model, prompts []routers.Prompt) []float64 {
	t.Helper()
	s, err := m.Scores(context.Background(), prompts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCertaintyIsSkill: a cascade finds the answers of which the weak model was not certain, and finds
// nothing where certainty says nothing.
func TestCertaintyIsSkill(t *testing.T) {
	for _, vectors := range []bool{false, true} {
		m, report := train(t, outcomes(600, true, nil), Options{Prompt: vectors})
		if report.APGR < 0.75 || report.LogLoss >= report.Constant {
			t.Errorf("vectors %v: APGR %.3f, log loss %.3f of %.3f", vectors, report.APGR, report.LogLoss, report.Constant)
		}
		if m.Needs() != (routers.Needs{Features: true, Vector: vectors}) || m.AnswerNeeds() != (routers.AnswerNeeds{Logprobs: true}) {
			t.Errorf("needs %+v and %+v", m.Needs(), m.AnswerNeeds())
		}
		if got := m.Signals(); !slices.Equal(got, []string{"logprob_mean", "tokens"}) {
			t.Errorf("reads %q: signals that are not known or never differ are not read", got)
		}
	}
	if _, report := train(t, outcomes(600, false, nil), Options{}); math.Abs(report.APGR-0.5) > 0.08 {
		t.Errorf("without skill: APGR %.3f", report.APGR)
	}
}

// TestWithout leaves out signals, and refuses names of none.
func TestWithout(t *testing.T) {
	m, _ := train(t, outcomes(200, true, nil), Options{Without: []string{"logprob_mean"}})
	if got := m.Signals(); !slices.Equal(got, []string{"tokens"}) {
		t.Errorf("reads %q", got)
	}
	if _, _, err := Train(context.Background(), outcomes(200, true, nil), 0, 1, Options{Without: []string{"logprobs"}}); err == nil || !strings.Contains(err.Error(), `no signal "logprobs"`) {
		t.Errorf("error %v", err)
	}
}

// TestScoresAreCalibrated: where the strong model is always right, the score is the probability that
// the weak one is wrong.
func TestScoresAreCalibrated(t *testing.T) {
	o := outcomes(2000, true, nil)
	wrong := 0.0
	for i := range o.Prompts {
		o.Quality.Row(i)[0] = 1
		wrong += 1 - o.Quality.At(i, 1)
	}
	m, _ := train(t, o, Options{})
	sum := 0.0
	for _, s := range scores(t, m, o.Prompts) {
		if s < 0 || s > 1 {
			t.Fatalf("score %v", s)
		}
		sum += s
	}
	if math.Abs(sum-wrong) > 0.02*wrong {
		t.Errorf("scores sum to %.1f, and %v answers are wrong", sum, wrong)
	}
}

// TestUnknownSignals: one that is sometimes unknown is a case of its own, and one that was always
// known sends the prompt to the strong model.
func TestUnknownSignals(t *testing.T) {
	// The length is unknown exactly where the answer is wrong, which only an indicator can tell.
	o := outcomes(400, false, nil)
	for i := range o.Prompts {
		if o.Quality.At(i, 1) == 0 {
			o.Prompts[i].Answer.Tokens = math.NaN()
		}
	}
	m, report := train(t, o, Options{})
	if report.APGR < 0.8 {
		t.Errorf("what is unknown tells everything, and the APGR is %.3f", report.APGR)
	}
	blind := o.Prompts[0]
	blind.Answer = new(routers.UnknownAnswer())
	failed := o.Prompts[0]
	failed.Answer = &routers.Answer{Failed: true}
	if got := scores(t, m, []routers.Prompt{blind, failed}); !slices.Equal(got, []float64{1, 1}) {
		t.Errorf("scores %v of answers that it cannot judge, want 1", got)
	}
}

// TestSamples infers the number of further answers from the agreements.
func TestSamples(t *testing.T) {
	for _, k := range []int{1, 3, 4} {
		m, _ := train(t, outcomes(200, true, func(i int, a *routers.Answer) { a.Agreement = float64(i%(k+1)) / float64(k) }), Options{})
		if got := m.AnswerNeeds().Samples; got != k {
			t.Errorf("%d further answers, want %d", got, k)
		}
	}
}

// TestFile: the same data give the same bytes on any number of cores, and a file is read as written.
func TestFile(t *testing.T) {
	sometimes := func(i int, a *routers.Answer) {
		if i%3 == 0 {
			a.FirstEntropy = float64(i%7) / 7
		}
	}
	for _, vectors := range []bool{false, true} {
		o := outcomes(300, true, sometimes)
		m, _ := train(t, o, Options{Prompt: vectors})
		cores := runtime.GOMAXPROCS(1)
		again, _ := train(t, outcomes(300, true, sometimes), Options{Prompt: vectors})
		runtime.GOMAXPROCS(cores)
		data, err := m.Bytes()
		if other, _ := again.Bytes(); err != nil || !bytes.Equal(data, other) {
			t.Errorf("the bytes depend on the number of cores, error %v", err)
		}
		path := filepath.Join(t.TempDir(), "m.safetensors")
		if err := m.WriteFile(path); err != nil {
			t.Fatal(err)
		}
		back, err := Open(path)
		if err != nil || !IsFile(path) {
			t.Fatal(err)
		}
		if !slices.Equal(scores(t, m, o.Prompts), scores(t, back, o.Prompts)) || back.AnswerNeeds() != m.AnswerNeeds() || back.Needs() != m.Needs() {
			t.Error("the model differs after it was read")
		}
		strong, weak := back.Pair()
		if _, known := back.HeldOut(o.Norm[5]); !known || strong != "big" || weak != "small" || len(back.TrainingPrompts()) != 300 {
			t.Errorf("card: %s, %s, %d prompts, held out %v", strong, weak, len(back.TrainingPrompts()), known)
		}
	}
	if IsFile("weakfirst_test.go") || IsFile("absent") {
		t.Error("any file is a model")
	}
}

// TestRepeatsHaveNoHeldOutScore: repeats of a prompt have different answers.
func TestRepeatsHaveNoHeldOutScore(t *testing.T) {
	o := outcomes(100, true, nil)
	o.Norm[1] = o.Norm[0]
	m, _ := train(t, o, Options{})
	if _, ok := m.HeldOut(o.Norm[0]); ok {
		t.Error("a repeated prompt has a held-out score")
	}
	if _, ok := m.HeldOut(o.Norm[2]); !ok {
		t.Error("a prompt that occurs once has none")
	}
}

// TestGrades: a graded gain counts by its size, and losses count as none.
func TestGrades(t *testing.T) {
	o := outcomes(500, true, nil)
	for i := range o.Prompts { // the gain is 8 or 1, and length tells which
		gain := 1.0
		if i%2 == 0 {
			gain = 8
		}
		o.Prompts[i].Answer.Tokens = 10 + 5*gain
		copy(o.Quality.Row(i), []float64{1 + gain, 1})
	}
	m, _ := train(t, o, Options{})
	s := scores(t, m, o.Prompts[:2])
	if s[0] < 0.7 || s[1] > 0.3 {
		t.Errorf("scores %v of gains of 8 and 1", s)
	}
}

func TestTrainRefuses(t *testing.T) {
	set := func(strong, weak float64) func(*training.Outcomes) {
		return func(o *training.Outcomes) {
			for i := range o.Prompts {
				copy(o.Quality.Row(i), []float64{strong, weak})
			}
		}
	}
	for want, change := range map[string]func(*training.Outcomes){
		"better on none":      set(0, 1),
		"better by the same":  set(1, 0),
		"answer is missing":   func(o *training.Outcomes) { o.Prompts[3].Answer = nil },
		"agreement is 2":      func(o *training.Outcomes) { o.Prompts[3].Answer.Agreement = 2 },
		"all rows are in one": func(o *training.Outcomes) { o.Cluster = slices.Repeat([]string{"c"}, len(o.Prompts)) },
		"0 prompts with an ans": func(o *training.Outcomes) {
			for i := range o.Prompts {
				o.Prompts[i].Answer.Failed = true
			}
		},
		"no signal of the weak": func(o *training.Outcomes) {
			for i := range o.Prompts {
				o.Prompts[i].Answer = new(routers.UnknownAnswer())
			}
		},
	} {
		o := outcomes(100, true, nil)
		change(o)
		if _, _, err := Train(context.Background(), o, 0, 1, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestPool: in a pool every prompt pays for the weak model, and passed on for both.
func TestPool(t *testing.T) {
	o := outcomes(200, true, nil)
	m, _ := train(t, o, Options{})
	p, err := routers.ForPool(routers.PredictorOf(m), routers.Pool{Models: []string{"other", "big", "small"}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.(routers.PoolDecider).Decide(context.Background(), o.Prompts)
	if err != nil || !slices.Equal(p.Models(), []string{"big", "small"}) {
		t.Fatal(p.Models(), err)
	}
	costs := pool.Outcomes{Quality: o.Quality, Cost: pool.NewMatrix(len(o.Prompts), 2)}
	for i := range o.Prompts {
		copy(costs.Cost.Row(i), []float64{10, 1})
	}
	sweep, err := pool.NewDecided(costs, d, 0)
	if err != nil {
		t.Fatal(err)
	}
	v := sweep.Path(nil).Vertices
	if first, last := v[0], v[len(v)-1]; first.Cost != 1 || last.Cost != 11 {
		t.Errorf("costs from %v to %v, want 1 to 11", first.Cost, last.Cost)
	}
	last := math.Inf(1)
	for _, point := range d.Points {
		if point.Knob >= last {
			t.Fatalf("threshold %v after %v", point.Knob, last)
		}
		last = point.Knob
	}
}

// TestConstantCounts scores a prompt with another number of numbers, of which every training prompt has
// two.
func TestConstantCounts(t *testing.T) {
	o := outcomes(600, true, nil)
	m, _ := train(t, o, Options{})
	other := routers.NewPrompt("other", "question xx of yyy")
	other.Answer = o.Prompts[0].Answer
	got, alike := scores(t, m, []routers.Prompt{other})[0], scores(t, m, o.Prompts[:1])[0]
	if math.Abs(got-alike) > 0.3 {
		t.Errorf("score %v, that of a prompt with numbers is %v", got, alike)
	}
}
