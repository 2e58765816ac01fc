package external

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/routellm/routellm/routers"
)

// predict returns what a program predicts of the models bb and a.
func predict(r routers.Router, texts ...string) (quality, cost []float64, err error) {
	p, err := routers.ForPool(routers.PredictorOf(r), routers.Pool{Models: []string{"bb", "a"}})
	if err != nil {
		return nil, nil, err
	}
	q, k, err := p.Predict(context.Background(), prompts(texts...))
	return q.Values, k.Values, err
}

func TestProgramsPredictSeveralModels(t *testing.T) {
	server := open(t, func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Models  []string
			Prompts []question
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		out := []map[string]any{}
		for _, q := range body.Prompts {
			q.Models = body.Models
			out = append(out, map[string]any{"id": q.ID, "scores": json.RawMessage(byModel(q, 1)), "costs": json.RawMessage(byModel(q, 0.5))})
		}
		if err := json.NewEncoder(w).Encode(map[string]any{"scores": out}); err != nil {
			t.Error(err)
		}
	})
	for name, r := range map[string]routers.Router{"exec": command(t, "several"), "http": server} {
		quality, cost, err := predict(r, "xyz", "")
		if err != nil || !slices.Equal(quality, []float64{5, 4, 2, 1}) || !slices.Equal(cost, []float64{2.5, 2, 1, 0.5}) {
			t.Errorf("%s: %v, %v, %v", name, quality, cost, err)
		}
	}
	if quality, cost, err := predict(command(t, "several")); err != nil || len(quality) != 0 || len(cost) != 0 {
		t.Errorf("without prompts: %v, %v, %v", quality, cost, err)
	}
}

func TestPredictionsOfProgramsAreChecked(t *testing.T) {
	for name, parts := range map[string][]string{
		"good":          {`at sample "a": the answer has no score of "bb"`, `"scores": {"bb": NUMBER, ...}`},
		"one-model":     {`at sample "a": the answer has no score of "bb"`},
		"null-model":    {`at sample "a": the answer has no score of "bb"`},
		"some-costs":    {`1 of 2 answers have costs`, "or none"},
		"negative-cost": {`at sample "a": the cost of "bb" is -3: expected 0 or more`},
		"not-json":      {`expected a line {"id": TEXT, "scores": {MODEL: NUMBER, ...}}`},
	} {
		_, _, err := predict(command(t, name), "x", "y")
		checkError(t, err, parts...)
	}
	if _, _, err := command(t, "several").Predict(context.Background(), prompts("x")); err == nil {
		t.Error("no error without a pool")
	}
}
