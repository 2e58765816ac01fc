package harness

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
)

// wordy predicts that small answers a prompt of few words as well as medium and large, and that
// each further word costs small more quality.
type wordy struct {
	quality, cost func(words float64) []float64
	rows          int // rows of cost: 0, 1, or else one per prompt
}

func (wordy) Needs() routers.Needs { return routers.Needs{Text: true} }

func (wordy) Models() []string { return []string{"large", "medium", "small"} }

func (p wordy) Predict(_ context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	quality, cost.Columns = pool.Matrix{Columns: 3}, 3
	for i, x := range prompts {
		words := float64(len(strings.Fields(x.Text)))
		quality.Values = append(quality.Values, p.quality(words)...)
		if i < p.rows || p.rows > 1 {
			cost.Values = append(cost.Values, p.cost(words)...)
		}
	}
	return quality, cost, nil
}

// words returns the predictor with costs that grow with the prompt, of which rows are kept.
func words(rows int) wordy {
	return wordy{
		quality: func(n float64) []float64 { return []float64{0.9, 0.9 - 0.02*n, 0.9 - 0.05*n} },
		cost:    func(n float64) []float64 { return []float64{0.01 * n, 0.002 * n, 0} },
		rows:    rows,
	}
}

func named3(p routers.Predictor) Predictor {
	return Predictor{Spec: registry.Spec{Label: "words"}, Predictor: p}
}

// policy3 returns a policy for the three models, with costs if they are given.
func policy3(lambda float64, costs ...float64) results.PoolPolicy {
	y := results.PoolPolicy{Axis: results.CostAxis, Lambda: results.Value(lambda), Mix: 1}
	for i, name := range (wordy{}).Models() {
		m := results.PolicyModel{Name: name, Cost: results.Missing}
		if i < len(costs) {
			m.Cost = results.Value(costs[i])
		}
		y.Models = append(y.Models, m)
	}
	return y
}

// chosen returns the names of the models that a policy chooses for texts.
func chosen(t *testing.T, p routers.Predictor, y results.PoolPolicy, texts ...string) []string {
	t.Helper()
	c, err := NewPoolScorer(named3(p), y, Encoder{}, Feedback{})
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := c.Predict(context.Background(), texts, texts)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(all))
	for i, got := range all {
		names[i] = c.Models()[c.Choose(got)]
		if one, err := c.PredictOne(context.Background(), "", texts[i]); err != nil || !reflect.DeepEqual(one, got) {
			t.Errorf("%q alone: %+v, %v, expected %+v", texts[i], one, err, got)
		}
	}
	return names
}

// TestPoolScorerChooses expects the model with the largest p - lambda k.
func TestPoolScorerChooses(t *testing.T) {
	texts := []string{"why", "one two three four", strings.Repeat("word ", 20)}
	for name, x := range map[string]struct {
		p      wordy
		policy results.PoolPolicy
		want   []string
	}{
		"quality alone":          {words(0), policy3(0, 0.01, 0.002, 0), []string{"large", "large", "large"}},
		"cost alone":             {words(0), policy3(1e12, 0.01, 0.002, 0), []string{"small", "small", "small"}},
		"costs of the policy":    {words(0), policy3(20, 0.01, 0.002, 0), []string{"small", "medium", "large"}},
		"costs per prompt":       {words(2), policy3(3), []string{"medium", "medium", "medium"}},
		"costs of all prompts":   {words(1), policy3(20), []string{"small", "medium", "large"}},
		"policy's before own":    {words(2), policy3(1e12, 0, 1, 1), []string{"large", "large", "large"}},
		"equal costs":            {words(0), policy3(20, 1, 1, 1), []string{"large", "large", "large"}},
		"free models":            {words(0), policy3(20, 0, 0, 0), []string{"large", "large", "large"}},
		"an overflow of lambda":  {words(0), policy3(math.MaxFloat64, 1e10, 1e10, 0), []string{"small", "small", "small"}},
		"always":                 {words(0), alwaysPolicy("medium"), []string{"medium", "medium", "medium"}},
		"always, without a cost": {words(2), alwaysPolicy("medium"), []string{"medium", "medium", "medium"}},
	} {
		if name == "costs of all prompts" {
			x.p.cost = func(float64) []float64 { return []float64{0.01, 0.002, 0} }
		}
		if got := chosen(t, x.p, x.policy, texts...); !reflect.DeepEqual(got, x.want) {
			t.Errorf("%s: %v, expected %v", name, got, x.want)
		}
	}
}

func alwaysPolicy(model string) results.PoolPolicy {
	y := policy3(0, 0.01, 0.002, 0)
	y.Lambda, y.Mix, y.Always = results.Missing, results.Missing, model
	return y
}

// TestPoolScorerOfSomeModels takes the columns of a policy's models alone, in its order.
func TestPoolScorerOfSomeModels(t *testing.T) {
	y := policy3(20, 0.01, 0.002, 0)
	y.Models = []results.PolicyModel{y.Models[2], y.Models[0]}
	if got := chosen(t, words(0), y, "why", strings.Repeat("word ", 20)); !reflect.DeepEqual(got, []string{"small", "large"}) {
		t.Errorf("%v", got)
	}
	y.Models = y.Models[:1]
	if got := chosen(t, words(0), y, "why"); !reflect.DeepEqual(got, []string{"small"}) {
		t.Errorf("one model: %v", got)
	}
}

// TestPoolScorerMixes deals prompts with equally good models by a digest of the prompt.
func TestPoolScorerMixes(t *testing.T) {
	tied := wordy{quality: func(float64) []float64 { return []float64{0.5, 0.4, 0.3} }}
	y := policy3(10, 0.03, 0.02, 0.01) // each model is worth 0.2
	y.Mix = 0.3
	var texts []string
	for i := range 2000 {
		texts = append(texts, fmt.Sprintf("question %d", i))
	}
	texts = append(texts, "not \xff UTF-8")
	got := chosen(t, tied, y, texts...)
	large := 0
	for i, text := range texts {
		digest := sha256.Sum256([]byte(strings.ToValidUTF8(text, "\uFFFD")))
		want := "small"
		if pool.Draw(digest[:]) < 0.3 {
			want = "large"
			large++
		}
		if got[i] != want {
			t.Fatalf("%q: %s, expected %s", text, got[i], want)
		}
	}
	if large < 500 || large > 700 {
		t.Errorf("%d of 2000 prompts get the most expensive model, expected about 600", large)
	}
	for mix, want := range map[results.Value]string{0: "small", 1: "large"} {
		if y.Mix = mix; !reflect.DeepEqual(chosen(t, tied, y, "why", "what"), []string{want, want}) {
			t.Errorf("mix %v: expected %s", mix, want)
		}
	}
}

// TestPoolScorerRefuses names what does not fit.
func TestPoolScorerRefuses(t *testing.T) {
	unknown := policy3(1, 1, 1, 1)
	unknown.Models[1].Name = "mediun"
	odd := policy3(1, 1, 1, 1)
	odd.Mix = 2
	for want, x := range map[string]struct {
		p routers.Predictor
		y results.PoolPolicy
	}{
		`the router knows nothing of the model "mediun"`: {words(0), unknown},
		`"mix": found 2`:                     {words(0), odd},
		`knows only the prompts of its file`: {byDigest{words(0)}, policy3(1, 1, 1, 1)},
	} {
		if _, err := NewPoolScorer(named3(x.p), x.y, Encoder{}, Feedback{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, expected one with %q", err, want)
		}
	}
	nan := wordy{quality: func(float64) []float64 { return []float64{1, math.NaN(), 1} }}
	infinite := words(2)
	infinite.cost = func(float64) []float64 { return []float64{1, 1, math.Inf(1)} }
	negative := words(2)
	negative.cost = func(float64) []float64 { return []float64{1, -1e-9, 1} }
	short := wordy{quality: func(float64) []float64 { return []float64{1, 1} }}
	narrow := words(2)
	narrow.cost = func(float64) []float64 { return []float64{1, 1} }
	for want, x := range map[string]struct {
		p wordy
		y results.PoolPolicy
	}{
		`sample "a": predicted quality NaN and cost 1 of "medium"`: {nan, policy3(1, 1, 1, 1)},
		`cost +Inf of "small", expected finite numbers`:            {infinite, policy3(1)},
		`cost -1e-09 of "medium", expected finite numbers`:         {negative, policy3(1)},
		`found 2 x 3 predicted qualities, expected 3 x 3`:          {short, policy3(1, 1, 1, 1)},
		`found 2 x 3 predicted costs, expected 3 x 3`:              {narrow, policy3(1)},
		`predicts no costs, and there are none of "large",`:        {words(0), policy3(1)},
	} {
		c, err := NewPoolScorer(named3(x.p), x.y, Encoder{}, Feedback{})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err = c.Predict(context.Background(), []string{"a", "b", "c"}, []string{"1", "2", "3"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, expected one with %q", err, want)
		}
		if _, _, err = c.Predict(context.Background(), []string{"a"}, nil); err == nil {
			t.Error("fewer texts than ids pass")
		}
	}
}

// byDigest is a predictor of a file's prompts alone.
type byDigest struct{ wordy }

func (byDigest) Needs() routers.Needs { return routers.Needs{SHA256: true} }

// BenchmarkPoolScoreOfOne predicts for a prompt of 500 tokens, as serve does for each request.
func BenchmarkPoolScoreOfOne(b *testing.B) {
	c, err := NewPoolScorer(named3(words(0)), policy3(20, 0.01, 0.002, 0), Encoder{}, Feedback{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		p, err := c.PredictOne(context.Background(), "id", longPrompt)
		if err != nil || c.Choose(p) != 0 {
			b.Fatal(err)
		}
	}
}
