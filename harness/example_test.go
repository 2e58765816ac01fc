package harness_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/routers"
)

// Evaluate a built-in router on MMLU, as routellm eval --router mf --bench mmlu does.
func Example() {
	e, err := harness.Evaluate(context.Background(), []string{"mf"}, []string{"mmlu"}, harness.RunOptions{})
	if err != nil {
		log.Fatal(err)
	}
	mf, err := e.Router("mmlu", "mf")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("APGR %.3f\n", mf.Metrics.APGR.Value)
	// Output: APGR 0.647
}

// Score one prompt, as routellm route does. A score of mf is a win rate: the probability
// that the strong model is needed.
func ExampleScorer() {
	mf, err := harness.OpenOne("mf", harness.RouterOptions{})
	if err != nil {
		log.Fatal(err)
	}
	scorer, err := harness.NewScorer(mf, harness.Encoder{}, harness.Feedback{})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	threshold, err := scorer.ThresholdFor(ctx, 0.3)
	if err != nil {
		log.Fatal(err)
	}
	score, err := scorer.Score(ctx, "the prompt", "Prove that the square root of two is irrational.")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("score %.4f, threshold %.4f, strong model: %v\n", score, threshold, score >= threshold)
	// Output: score 0.2677, threshold 0.2513, strong model: true
}

// words is a router that scores a prompt by its number of words.
type words struct{}

func (words) Needs() routers.Needs { return routers.Needs{Features: true} }

func (words) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	scores := make([]float64, len(prompts))
	for i, p := range prompts {
		count, ok := p.Features.Get(routers.Words)
		if !ok {
			return nil, fmt.Errorf("prompt %q has no features", p.ID)
		}
		scores[i] = count
	}
	return scores, nil
}

// Evaluate a router of your own beside a built-in one.
func ExampleOwn() {
	ctx := context.Background()
	all, err := harness.Open([]string{"length"}, harness.RouterOptions{})
	if err != nil {
		log.Fatal(err)
	}
	all = append(all, harness.Own("words", words{}))
	benchmarks, err := harness.Load(ctx, []string{"gsm8k"}, all, harness.LoadOptions{})
	if err != nil {
		log.Fatal(err)
	}
	e, err := harness.Run(ctx, all, benchmarks, harness.RunOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range e.Document.Benchmarks[0].Routers[:2] {
		fmt.Printf("%-6s APGR %.3f\n", r.Name, r.Metrics.APGR.Value)
	}
	// Output:
	// length APGR 0.598
	// words  APGR 0.595
}

// Compare two routers on the same samples. The difference is the first router's APGR
// less the second's.
func ExampleCompare() {
	ctx := context.Background()
	all, err := harness.Open([]string{"mf", "length"}, harness.RouterOptions{})
	if err != nil {
		log.Fatal(err)
	}
	benchmarks, err := harness.Load(ctx, []string{"mmlu"}, all, harness.LoadOptions{})
	if err != nil {
		log.Fatal(err)
	}
	scores, err := harness.Score(ctx, all, benchmarks, harness.Feedback{})
	if err != nil {
		log.Fatal(err)
	}
	o := harness.DefaultCompare()
	o.Resamples, o.Permutations = 200, 0
	c, err := harness.Compare(ctx, []*harness.ScoreSet{scores}, nil, o)
	if err != nil {
		log.Fatal(err)
	}
	pair := c.Benchmarks[0].Pairs[0]
	d := pair.Difference
	fmt.Printf("%s less %s: %.3f [%.3f, %.3f], %s\n", pair.A, pair.B, d.Value, d.Lo, d.Hi, pair.Verdict)
	// Output:
	// mf less length: 0.068 [0.052, 0.085], better
}

// Find the threshold that sends 30 % of prompts like the built-in Chatbot Arena prompts to the
// strong model.
func ExampleCalibrate() {
	length, err := harness.OpenOne("length", harness.RouterOptions{})
	if err != nil {
		log.Fatal(err)
	}
	c, err := harness.Calibrate(context.Background(), length, harness.DefaultCalibrate(harness.StrongFractions(0.3)))
	if err != nil {
		log.Fatal(err)
	}
	t := c.Document.Thresholds[0]
	fmt.Printf("threshold %v: %.1f %% of the next prompts, 95 %% interval %.1f to %.1f\n",
		c.Artifact.Cut(), 100*t.StrongFraction, 100*t.FutureLo, 100*t.FutureHi)
	// Output:
	// threshold 162: 30.1 % of the next prompts, 95 % interval 29.0 to 31.2
}

// Find the threshold with the fewest strong calls that keeps 90 % of the strong model's
// quality, with 95 % confidence.
func ExampleKeepQuality() {
	mf, err := harness.OpenOne("mf", harness.RouterOptions{})
	if err != nil {
		log.Fatal(err)
	}
	o := harness.DefaultCalibrate(harness.KeepQuality(0.9))
	o.Data = "mmlu"
	c, err := harness.Calibrate(context.Background(), mf, o)
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range c.Document.Outcomes.Points[0].Measures {
		fmt.Printf("%-16s %.3f held out\n", m.Name, m.HeldOut)
	}
	// Output:
	// strong_fraction  0.231 held out
	// quality          0.730 held out
	// share_of_strong  0.906 held out
	// pgr              0.427 held out
}

// Train a small router on 300 rows of a benchmark, and evaluate it on the others.
func ExampleTrain() {
	ctx := context.Background()
	model, _, err := harness.Train(ctx, "knn", harness.TrainOptions{Gold: []string{"gsm8k:300"}})
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "mine.safetensors")
	if err := model.WriteFile(file); err != nil {
		log.Fatal(err)
	}
	e, err := harness.Evaluate(ctx, []string{"knn:" + file}, []string{"gsm8k"}, harness.RunOptions{})
	if err != nil {
		log.Fatal(err)
	}
	b := e.Document.Benchmarks[0]
	fmt.Printf("%s: APGR %.3f on %d samples, without %d training prompts\n",
		b.Routers[0].Name, b.Routers[0].Metrics.APGR.Value, b.Samples, b.Excluded.Training)
	// Output:
	// mine: APGR 0.592 on 1007 samples, without 300 training prompts
}

// Ask which differences between routers a benchmark can show at all.
func ExamplePlan() {
	benchmarks, err := harness.Load(context.Background(), []string{"mt-bench"}, nil, harness.LoadOptions{})
	if err != nil {
		log.Fatal(err)
	}
	plan, _, err := harness.Plan(benchmarks, harness.PlanOptions{Margin: 0.05})
	if err != nil {
		log.Fatal(err)
	}
	for _, x := range plan.Benchmarks[0].Correlations {
		fmt.Printf("rank correlation %.1f: %d prompts show a difference of 0.05\n", x.Rho, x.Difference)
	}
	// Output:
	// rank correlation 0.0: 2060 prompts show a difference of 0.05
	// rank correlation 0.5: 1031 prompts show a difference of 0.05
	// rank correlation 0.8: 413 prompts show a difference of 0.05
}

// Routers among several models are evaluated by what their answers cost.
func ExampleEvaluatePools() {
	e, err := harness.EvaluatePools(context.Background(), []string{"oracle"}, []string{"pareto"}, nil, harness.RunOptions{Points: harness.DefaultPoints()})
	if err != nil {
		log.Fatal(err)
	}
	p := e.Document.Pools[0]
	fmt.Printf("%d models, the best is %s\n", len(p.Models), p.Best)
	for _, r := range p.Routers {
		fmt.Printf("%s: lift %.3f over the static mix\n", r.Name, float64(r.Metrics.Lift.Value))
	}
	// Output:
	// 4 models, the best is google/gemini-2.5-pro
	// oracle: lift 0.042 over the static mix
}
