package random

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/routellm/routellm/routers"
)

func TestScoresAreUniformAndStable(t *testing.T) {
	prompts := make([]routers.Prompt, 10000)
	for i := range prompts {
		prompts[i].ID = fmt.Sprintf("mmlu/anatomy/%04d", i)
	}
	a, err := Router{}.Scores(context.Background(), prompts)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := Router{}.Scores(context.Background(), prompts)
	if !slices.Equal(a, b) {
		t.Error("scores differ between two calls")
	}
	slices.Sort(a)
	worst := 0.0 // Kolmogorov-Smirnov distance from the uniform distribution
	for i, s := range a {
		worst = max(worst, math.Abs(s-float64(i)/float64(len(a))))
	}
	if limit := 1.95 / math.Sqrt(float64(len(a))); worst > limit {
		t.Errorf("the distance from the uniform distribution is %v, want at most %v (0.1 %%)", worst, limit)
	}
}
