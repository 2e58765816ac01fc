package routers_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers"
)

// byWord is your own predictor: every model is good at short prompts, and fewer are at proofs.
type byWord struct{}

func (byWord) Needs() routers.Needs { return routers.Needs{Text: true} }

func (byWord) Models() []string { return []string{"large", "medium", "small"} }

func (byWord) Predict(_ context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	quality = pool.NewMatrix(len(prompts), 3)
	for i, p := range prompts {
		row := []float64{0.95, 0.94, 0.92}
		if strings.Contains(strings.ToLower(p.Text), "prove") {
			row = []float64{0.8, 0.5, 0.1}
		}
		copy(quality.Row(i), row)
	}
	return quality, pool.Matrix{Columns: 3, Values: []float64{0.01, 0.002, 0.001}}, nil // one row of costs for all
}

// A predictor says how good each model's answer will be and what it costs. A policy weighs the two.
func ExamplePredictor() {
	prompts := []routers.Prompt{routers.NewPrompt("a", "Prove that 2 is prime."), routers.NewPrompt("b", "Say hello.")}
	p := byWord{}
	quality, cost, err := p.Predict(context.Background(), prompts)
	if err != nil {
		fmt.Println(err)
		return
	}
	policy := pool.Policy{Lambda: 30} // a cent must bring 0.3 more quality
	for i, prompt := range prompts {
		fmt.Printf("%s: %s\n", prompt.ID, p.Models()[policy.Choose(quality.Row(i), cost.Row(0), 0)])
	}
	// Output:
	// a: large
	// b: small
}

// A predictor is a router of each pair of its models.
func ExampleForPair() {
	r, err := routers.ForPair(byWord{}, "large", "small")
	if err != nil {
		fmt.Println(err)
		return
	}
	scores, err := r.Scores(context.Background(), []routers.Prompt{routers.NewPrompt("a", "Prove that 2 is prime."), routers.NewPrompt("b", "Say hello.")})
	fmt.Printf("%.2f %v\n", scores, err)
	// Output: [0.70 0.03] <nil>
}

// A pool may have fewer models than the predictor, in another order.
func ExampleForPool() {
	of := routers.Pool{Models: []string{"small", "medium"}}
	p, err := routers.ForPool(byWord{}, of)
	if err != nil {
		fmt.Println(err)
		return
	}
	quality, cost, err := p.Predict(context.Background(), []routers.Prompt{routers.NewPrompt("b", "Say hello.")})
	fmt.Println(quality.Row(0), cost.Row(0), err)
	fmt.Println(routers.Unused(byWord{}, of))
	// Output:
	// [0.92 0.94] [0.001 0.002] <nil>
	// [large]
}
