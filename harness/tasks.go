package harness

import (
	"fmt"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// ByTask measures routers on each task of a benchmark by itself. routers names the rows of
// s.Scores. confidence is the confidence of intervals from the influence function; 0
// makes none.
func ByTask(s *ScoredBenchmark, routers []string, confidence float64) (results.Benchmark, error) {
	if len(routers) != len(s.Scores) || !(confidence >= 0 && confidence < 1) {
		return results.Benchmark{}, fmt.Errorf("%s for %s at confidence %v: expected one per router, and a confidence in [0,1)", text.Plural(len(routers), "name"), text.Plural(len(s.Scores), "router"), confidence)
	}
	samples := s.samples()
	samples.Tasks = s.Tasks
	m, err := measure.New(results.Benchmark{Pair: s.Pair, Unit: s.Unit}, samples, eval.Points{})
	if err != nil {
		return results.Benchmark{}, err
	}
	for k, name := range routers {
		if err := m.AddScores(name, results.File, s.Scores[k]); err != nil {
			return results.Benchmark{}, err
		}
	}
	if confidence > 0 {
		if err := m.Influence(confidence); err != nil {
			return results.Benchmark{}, err
		}
	}
	return m.Result(), nil
}
