package length

import (
	"context"
	"slices"
	"testing"

	"github.com/routellm/routellm/routers"
)

func TestScores(t *testing.T) {
	got, err := Router{}.Scores(context.Background(), []routers.Prompt{
		{Text: "naïve ☃", HasText: true},
		{HasText: true},
		{Features: routers.Features{}.With(routers.Chars, 42), Text: "ignored", HasText: true},
	})
	if want := []float64{7, 0, 42}; err != nil || !slices.Equal(got, want) {
		t.Errorf("scores %v, %v, want %v", got, err, want)
	}
	if _, err := (Router{}).Scores(context.Background(), []routers.Prompt{{ID: "a"}}); err == nil {
		t.Error("no error for a prompt without text and features")
	}
}
