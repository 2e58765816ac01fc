package harness

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/routellm/routellm/routers"
)

// flawed gives one sample another score than the others.
type flawed struct {
	id    string
	score float64
}

func (flawed) Needs() routers.Needs { return routers.Needs{} }

func (r flawed) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	for i, p := range prompts {
		if p.ID == r.id {
			out[i] = r.score
		}
	}
	return out, nil
}

// reporting is a router that shows itself how far it is.
type reporting struct{ flawed }

func (reporting) Reports() bool { return true }

func TestScoreParts(t *testing.T) {
	prompts := make([]routers.Prompt, batchRows+2)
	for i := range prompts {
		prompts[i].ID = fmt.Sprint(i)
	}
	part := func(from, to int) []routers.Prompt { return prompts[from:to] }
	var seen []int
	last := fmt.Sprint(batchRows + 1)
	scores, err := scoreParts(context.Background(), flawed{last, 5}, len(prompts), batchOf(flawed{last, 5}, len(prompts)), part, func(done, total int) { seen = append(seen, done, total) })
	if err != nil || len(scores) != len(prompts) || scores[batchRows+1] != 5 || !slices.Equal(seen, []int{batchRows, batchRows + 2, batchRows + 2, batchRows + 2}) {
		t.Errorf("%d scores, %v, progress %v", len(scores), err, seen)
	}
	seen = nil
	if _, err := scoreParts(context.Background(), reporting{}, len(prompts), batchOf(reporting{}, len(prompts)), part, func(done, total int) { seen = append(seen, done, total) }); err != nil || !slices.Equal(seen, []int{batchRows + 2, batchRows + 2}) {
		t.Errorf("progress %v beside a router's own: %v", seen, err)
	}
	for _, v := range []float64{math.NaN(), math.Inf(-1)} {
		_, err := scoreParts(context.Background(), flawed{last, v}, len(prompts), batchOf(flawed{last, v}, len(prompts)), part, func(int, int) {})
		if want := fmt.Sprintf("sample %q: score %v, expected a finite number", last, v); err == nil || err.Error() != want {
			t.Errorf("error %v, expected %q", err, want)
		}
	}
}
