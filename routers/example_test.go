package routers_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers"
)

// proofs is your own router: it sends prompts that ask for a proof to the strong
// model, and longer ones before shorter ones.
type proofs struct{}

func (proofs) Needs() routers.Needs { return routers.Needs{Text: true, Features: true} }

func (proofs) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	scores := make([]float64, len(prompts))
	for i := range prompts {
		words, err := prompts[i].Count(routers.Words)
		if err != nil {
			return nil, err // names the sample
		}
		scores[i] = words / (words + 100)
		if strings.Contains(strings.ToLower(prompts[i].Text), "prove") {
			scores[i]++
		}
	}
	return scores, nil
}

// Your own router implements two methods. Package eval evaluates its scores.
func Example() {
	prompts := []routers.Prompt{
		routers.NewPrompt("a", "Prove that the square root of 2 is irrational."),
		routers.NewPrompt("b", "What is the capital of France?"),
		routers.NewPrompt("c", "Write a short poem about the sea."),
	}
	scores, err := proofs{}.Scores(context.Background(), prompts)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, p := range prompts {
		fmt.Printf("%s: %.3f\n", p.ID, scores[i])
	}
	curve, err := eval.NewCurve(eval.Outcomes{Strong: []float64{1, 1, 1}, Weak: []float64{0, 1, 1}}, scores)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("APGR %.3f\n", curve.APGR())
	// Output:
	// a: 1.083
	// b: 0.057
	// c: 0.065
	// APGR 0.833
}

// Counts that were stored without their text are set one by one. The others stay
// missing, so that a router which needs them fails instead of reading 0.
func ExampleFeatures_With() {
	p := routers.Prompt{ID: "row 1", Features: routers.Features{}.With(routers.Words, 12)}
	fmt.Println(p.Count(routers.Words))
	fmt.Println(p.Count(routers.Lines))
	// Output:
	// 12 <nil>
	// 0 sample "row 1": "feature:lines" is missing, and there is no prompt text to count
}
