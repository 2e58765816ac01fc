package harness

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// unsure is a cascade by the weak model's log-probability, which reads what it is told to.
type unsure struct {
	needs routers.AnswerNeeds
	weak  string // the weak model of its pair; "" for any
}

func (unsure) Needs() routers.Needs { return routers.Needs{} }

func (u unsure) AnswerNeeds() routers.AnswerNeeds { return u.needs }

func (unsure) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	for i := range prompts {
		if err := prompts[i].CheckAnswer(); err != nil {
			return nil, err
		}
		out[i] = -prompts[i].Answer.LogprobMean
	}
	return out, nil
}

// unsureOf is one with a pair.
type unsureOf struct{ unsure }

func (u unsureOf) Pair() (strong, weak string) { return "big", u.weak }

// answeredFile writes 200 samples whose weak answers cost 1, the strong ones 10, and the questions about
// the weak ones 0.5, all times 1e-3 USD, and that take 1, 2 and 0.25 seconds. The weak model is less
// certain where it is wrong.
func answeredFile(t *testing.T, change func(*datasets.Table)) string {
	t.Helper()
	x := &datasets.Table{Meta: datasets.NewMeta()}
	x.Meta.Name, x.Meta.Unit, x.Meta.Min, x.Meta.Max = "made", "accuracy 0-1", 0, 1
	x.Quality = []datasets.Column{{Name: "big"}, {Name: "small"}}
	extras := map[string]float64{"cost_usd:big": 0.01, "cost_usd:small": 0.001, "p_true_usd:small": 0.0005, "p_true_s:small": 0.25, "latency_s:big": 2, "latency_s:small": 1}
	for _, name := range []string{"cost_usd:big", "cost_usd:small", "p_true_usd:small", "p_true_s:small", "latency_s:big", "latency_s:small", "logprob_mean:small"} {
		x.Extras = append(x.Extras, datasets.Column{Name: name})
	}
	for i := range 200 {
		text := fmt.Sprintf("prompt %d", i)
		x.SampleID, x.Cluster, x.Task = append(x.SampleID, text), append(x.Cluster, text), append(x.Task, "")
		x.PromptSHA256, x.PromptNormSHA256 = append(x.PromptSHA256, datasets.SHA256Hex(text)), append(x.PromptNormSHA256, datasets.NormSHA256Hex(text))
		x.Contaminated = append(x.Contaminated, false)
		weak := float64(i % 2)
		x.Quality[0].Values, x.Quality[1].Values = append(x.Quality[0].Values, 1), append(x.Quality[1].Values, weak)
		for k := range x.Extras {
			v, ok := extras[x.Extras[k].Name]
			if !ok {
				v = -1.5 + weak - float64(i)/1000
			}
			x.Extras[k].Values = append(x.Extras[k].Values, v)
		}
	}
	if change != nil {
		change(x)
	}
	path := filepath.Join(t.TempDir(), "made.parquet")
	if err := x.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	return path
}

var bigSmall = results.Pair{Strong: "big", Weak: "small"}

// TestCascadesPayForBoth: at half the calls, a cascade pays the weak model for every prompt and the
// strong one for half of them, and further answers and questions too.
func TestCascadesPayForBoth(t *testing.T) {
	path := answeredFile(t, nil)
	for _, c := range []struct {
		needs         routers.AnswerNeeds
		asked, second float64 // what is paid and how long it takes before the decision
		often         string
	}{
		{routers.AnswerNeeds{Logprobs: true}, 0.001, 1, "once"},
		{routers.AnswerNeeds{Samples: 3}, 0.004, 1, "4 times"},
		{routers.AnswerNeeds{PTrue: true}, 0.0015, 1.25, "2 times"},
	} {
		rs := []Router{Own("unsure", unsure{needs: c.needs})}
		benches, err := Load(context.Background(), []string{path}, rs, LoadOptions{Pair: bigSmall})
		if err != nil {
			t.Fatal(err)
		}
		e, err := Run(context.Background(), rs, benches, RunOptions{Points: DefaultPoints(), Intervals: Intervals{Method: Bootstrap, Resamples: 50, Confidence: 0.95}})
		if err != nil {
			t.Fatal(err)
		}
		b := e.Document.Benchmarks[0]
		cost := b.Routers[0].Costs.QualityAt["0.5"].Cost
		if want := c.asked + 0.5*0.01; math.Abs(float64(cost.Value)-want) > 1e-12 || !(cost.Lo.Exists() && cost.Lo <= cost.Value+1e-12 && cost.Value <= cost.Hi+1e-12) {
			t.Errorf("%+v: costs %+v at half the calls, want %v", c.needs, cost, want)
		}
		if warnings := strings.Join(b.Routers[0].Warnings, "\n"); !strings.Contains(warnings, c.often+" for every prompt") {
			t.Errorf("%+v: warnings %q", c.needs, warnings)
		}
		if random := b.Routers[1].Costs.QualityAt["0.5"].Cost.Value; math.Abs(float64(random)-0.0055) > 1e-12 {
			t.Errorf("%+v: random costs %v", c.needs, random)
		}
		testPath(t, path, rs[0], results.CostAxis, c.asked, c.asked+0.01)
		testPath(t, path, rs[0], results.LatencyAxis, c.second, c.second+2)
	}
}

// testPath checks the first and the last operating point of a cascade in a pool.
func testPath(t *testing.T, path string, r Router, axis results.Axis, first, last float64) {
	t.Helper()
	ps := PredictorsOf([]Router{r})
	pools, err := LoadPools(context.Background(), []string{path}, ps, PoolOptions{LoadOptions: LoadOptions{Pair: bigSmall}, Axis: axis})
	if err != nil {
		t.Fatal(err)
	}
	set, err := ScorePools(context.Background(), ps, pools, Feedback{})
	if err != nil {
		t.Fatal(err)
	}
	d, o := set.Pools[0].Routers[0].Decided, pools[0].samples.Outcomes
	weak, _ := d.At(o, 0, 0)
	both, _ := d.At(o, len(d.Points), 0)
	if math.Abs(weak.Cost[7]-first) > 1e-12 || math.Abs(both.Cost[7]-last) > 1e-12 {
		t.Errorf("%s: costs from %v to %v, want %v to %v", axis, weak.Cost[7], both.Cost[7], first, last)
	}
}

// TestCascadesAreCalibratedWithBothCosts: savings are against the strong model alone.
func TestCascadesAreCalibratedWithBothCosts(t *testing.T) {
	o := DefaultCalibrate(KeepQuality(0.9))
	o.Data, o.Pair = answeredFile(t, nil), bigSmall
	c, err := Calibrate(context.Background(), Own("unsure", unsure{}), o)
	if err != nil {
		t.Fatal(err)
	}
	measures := map[string]float64{}
	for _, m := range c.Document.Outcomes.Points[0].Measures {
		measures[m.Name] = float64(m.HeldOut)
	}
	if want := 1 + 10*measures["strong_fraction"]; math.Abs(measures["cost_usd"]-want) > 1e-9 {
		t.Errorf("measures %v: want a cost of %v USD per thousand prompts", measures, want)
	}
}

// TestAnswersMustBeThere names what is missing.
func TestAnswersMustBeThere(t *testing.T) {
	with := answeredFile(t, nil)
	without := answeredFile(t, func(x *datasets.Table) { x.Extras = x.Extras[:2] })
	for name, c := range map[string]struct {
		path string
		r    routers.Router
		want string
	}{
		"no answers":    {without, unsure{}, `found no answers of "small"`},
		"another model": {with, unsureOf{unsure{weak: "tiny"}}, `was trained on answers of "tiny"`},
		"its own":       {with, unsureOf{unsure{weak: "small"}}, ""},
	} {
		_, err := Load(context.Background(), []string{c.path}, []Router{Own("r", c.r)}, LoadOptions{Pair: bigSmall})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

// TestUnknownCostOfAQuestion counts a question of unknown cost as another answer, and says so.
func TestUnknownCostOfAQuestion(t *testing.T) {
	path := answeredFile(t, func(x *datasets.Table) { x.Extras = append(x.Extras[:2:2], x.Extras[6]) })
	rs := []Router{Own("unsure", unsure{needs: routers.AnswerNeeds{PTrue: true}})}
	benches, err := Load(context.Background(), []string{path}, rs, LoadOptions{Pair: bigSmall})
	if err != nil {
		t.Fatal(err)
	}
	e, err := Run(context.Background(), rs, benches, RunOptions{Points: DefaultPoints()})
	if err != nil {
		t.Fatal(err)
	}
	r := e.Document.Benchmarks[0].Routers[0]
	if cost := float64(r.Costs.QualityAt["0.5"].Cost.Value); math.Abs(cost-0.007) > 1e-12 || !strings.Contains(strings.Join(r.Warnings, "\n"), "not known") {
		t.Errorf("cost %v, warnings %q", cost, r.Warnings)
	}
}
