package harness

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers"
)

// predicts predicts the length of a text for one model and twice that for the other.
type predicts struct{ costs int }

func (p predicts) Needs() routers.Needs { return routers.Needs{Text: true} }

func (p predicts) Models() []string { return []string{"small", "big"} }

func (p predicts) Predict(_ context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	quality, cost = pool.NewMatrix(len(prompts), 2), pool.NewMatrix(p.costs*len(prompts), 2)
	for i, x := range prompts {
		n := float64(len(x.Text))
		quality.Row(i)[0], quality.Row(i)[1] = n, 2*n
		if p.costs > 0 {
			cost.Row(i)[1] = n / 10
		}
	}
	return quality, cost, nil
}

func TestTextScorer(t *testing.T) {
	long := strings.Repeat("a", MaxText+3) // no part is left out
	for _, c := range []struct {
		costs   int
		as      string
		columns string
		want    string
	}{
		{0, "", "[score:small score:big]", fmt.Sprint([][]float64{{2, MaxText + 3}, {4, 2 * (MaxText + 3)}})},
		{1, "x", "[x:small x:big x_cost:small x_cost:big]", fmt.Sprint([][]float64{{2, MaxText + 3}, {4, 2 * (MaxText + 3)}, {0, 0}, {0.2, (MaxText + 3) / 10.0}})},
	} {
		s, err := NewTextScorer(context.Background(), Own("own", routers.AnyPair(predicts{c.costs})), c.as, Encoder{}, Feedback{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Score(context.Background(), []string{"a", "b"}, []string{"hi", long})
		if err != nil || fmt.Sprint(s.Columns()) != c.columns || fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, %v", s.Columns(), got, err)
		}
	}
}

// TestTextScorerIsAScorer expects the scores of Scorer for a router of two models.
func TestTextScorerIsAScorer(t *testing.T) {
	r, err := OpenOne("mf", RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewTextScorer(context.Background(), r, "", Encoder{}, Feedback{})
	if err != nil {
		t.Fatal(err)
	}
	one, err := NewScorer(r, Encoder{}, Feedback{})
	if err != nil {
		t.Fatal(err)
	}
	ids, texts := []string{"a", "b"}, []string{"who signs", "prove the theorem"}
	got, err := s.Score(context.Background(), ids, texts)
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := one.Scores(context.Background(), ids, texts)
	if err != nil || !slices.Equal(got[0], want) || !slices.Equal(s.Columns(), []string{"score"}) {
		t.Errorf("%v, want %v: %v", got, want, err)
	}
	if meta := s.Meta("mine=mf"); meta.Router != "mine=mf" || meta.RouterSHA256 == "" || meta.EncoderSHA256 == "" {
		t.Errorf("%+v", meta)
	}
}
