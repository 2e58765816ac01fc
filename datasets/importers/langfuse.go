package importers

import (
	"errors"
	"maps"
	"slices"

	"github.com/routellm/routellm/internal/hint"
)

// langfuse reads the exports of Langfuse: observations, and the scores that belong to them or to
// their traces.
func langfuse() Tool {
	return Tool{
		Name: "langfuse", Title: "Langfuse", Gives: Answers, Uses: []string{"score", "text", "repeat", "errors", "skip-bad"},
		Files:   "observations and scores as JSON Lines, JSON, CSV or Parquet: the folders of a blob storage export",
		Reads:   "generations with a score, of their own or of their trace; cost, tokens, latency; the item of an experiment as id, else the prompt",
		Leaves:  "generations without a score, embeddings, traces of several models, outputs",
		Example: "routellm datasets import langfuse export/ --score correct --out langfuse.parquet",
		kinds: []kind{
			{name: "observations", match: isLangfuseObservations},
			{name: "scores", companion: true, match: isLangfuseScores},
		},
		read: readLangfuse,
	}
}

// Columns are in snake case in blob storage exports, and in camel case in what the interface and
// its buttons export.
var (
	lfTrace       = []string{"trace_id", "traceId"}
	lfObservation = []string{"observation_id", "observationId"}
	lfModel       = []string{"provided_model_name", "providedModelName", "model"}
)

func isLangfuseObservations(p *peek) bool {
	return p.table("id", "trace_id", "type", "provided_model_name") || p.table("id", "traceId", "type", "model") ||
		p.table("id", "traceId", "type", "providedModelName")
}

func isLangfuseScores(p *peek) bool {
	return p.table("trace_id", "name", "value", "observation_id") || p.table("traceId", "name", "value", "observationId")
}

func readLangfuse(in *input, out *Output) error {
	if len(in.of("scores")) == 0 {
		return hint.With(errors.New("found observations of langfuse without a file of scores, expected both"),
			"give the folder that has both, or the two files")
	}
	if err := in.needs("observations"); err != nil {
		return err
	}
	scores, err := in.langfuseScores()
	if err != nil {
		return err
	}
	l := fuse{in: in, scores: scores, traces: map[string]*fuseTrace{}}
	if err := l.begin(); err != nil {
		return err
	}
	for _, f := range in.of("observations") {
		if err := in.scan(f, fuseColumns, l.row); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(l.traces)) {
		if err := l.answers(l.traces[id], out); err != nil {
			return err
		}
	}
	return nil
}

// fuseScores holds the values of one score. Several on one observation or trace, of several
// reviewers, are averaged.
type fuseScores struct {
	observations map[string]fuseScore
	traces       map[string][]float64
}

// fuseScore is the score of one observation.
type fuseScore struct {
	trace  string
	values []float64
}

// langfuseScores reads the chosen score.
func (in *input) langfuseScores() (fuseScores, error) {
	names := map[string]bool{}
	for _, f := range in.of("scores") {
		if err := in.scan(f, []string{"name"}, func(r tableRow) error { names[r.text("name")] = true; return nil }); err != nil {
			return fuseScores{}, err
		}
	}
	delete(names, "")
	name, err := choose(in.of("scores")[0].path, "score", "score", in.score(), slices.Sorted(maps.Keys(names)))
	if err != nil {
		return fuseScores{}, err
	}
	s := fuseScores{map[string]fuseScore{}, map[string][]float64{}}
	want := slices.Concat([]string{"name", "value", "string_value", "stringValue", "data_type", "dataType"}, lfTrace, lfObservation)
	for _, f := range in.of("scores") {
		if err := in.scan(f, want, func(r tableRow) error { return in.langfuseScore(r, name, s) }); err != nil {
			return s, err
		}
	}
	return s, nil
}

// score returns the name of the wanted score. Both flags that choose one are heeded.
func (in *input) score() string {
	if in.Score != "" {
		return in.Score
	}
	return in.Scorer
}

func (in *input) langfuseScore(r tableRow, name string, s fuseScores) error {
	if r.text("name") != name {
		return nil
	}
	columns := []string{"value", "string_value", "stringValue"}
	if kind := r.text("data_type", "dataType"); kind == "CATEGORICAL" || kind == "BOOLEAN" {
		columns = []string{"string_value", "stringValue", "value"} // value is null or the number of the category
	}
	v, err := r.number(columns...)
	if err != nil {
		return in.skip(err)
	}
	if v != v {
		in.leave(1, "empty score")
		return nil
	}
	trace, observation := r.text(lfTrace...), r.text(lfObservation...)
	if observation == "" {
		s.traces[trace] = append(s.traces[trace], v)
		return nil
	}
	s.observations[observation] = fuseScore{trace, append(s.observations[observation].values, v)}
	return nil
}
