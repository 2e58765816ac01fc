package mf_test

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/mf"
)

// The built-in model reads vectors of the built-in encoder.
func Example() {
	r, err := mf.Builtin("")
	if err != nil {
		fmt.Println(err)
		return
	}
	static, err := encoder.Static()
	if err != nil {
		fmt.Println(err)
		return
	}
	prompts := []routers.Prompt{
		routers.NewPrompt("a", "hello"),
		routers.NewPrompt("b", "Prove that there are infinitely many primes, and give the proof's history."),
	}
	for i := range prompts {
		prompts[i].Vector = make([]float32, static.Dim())
		static.EncodeTo(prompts[i].Vector, prompts[i].Text)
	}
	rates, err := r.Scores(context.Background(), prompts)
	fmt.Printf("%.2f %v\n", rates, err)
	strong, weak := r.Pair()
	fmt.Println(strong, "or", weak)
	// Output:
	// [0.18 0.26] <nil>
	// gpt-4-1106-preview or mistralai/Mixtral-8x7B-Instruct-v0.1
}
