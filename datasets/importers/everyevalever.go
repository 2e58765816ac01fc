package importers

import (
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
)

func everyEvalEver() Tool {
	return Tool{
		Name:    "every-eval-ever",
		Title:   "Every Eval Ever",
		Files:   "*_samples.jsonl, in a folder per task, developer and model",
		Reads:   "a metric per evaluation, the input, tokens and latency; the newest of several evaluations",
		Leaves:  "outputs and aggregates; costs, which it does not record",
		Example: "routellm datasets import every-eval-ever data/ --metric acc --out mine.parquet",
		Uses:    []string{"metric", "filter", "text", "repeat", "errors"},
		Gives:   Answers,
		kinds: []kind{
			{name: "samples", match: func(p *peek) bool {
				return p.has("schema_version", "model_id", "evaluation_name", "sample_id")
			}},
		},
		read: readEveryEvalEver,
	}
}

func readEveryEvalEver(in *input, out *Output) error {
	var runs []run[*eeeReader]
	for _, f := range in.files {
		e := &eeeReader{in: in, out: out, file: f, metrics: map[string][]string{}}
		if err := in.each(f, e.survey); err != nil {
			return err
		}
		runs = append(runs, run[*eeeReader]{group: e.model + "\x00" + strings.Join(e.names, "\x00"), stamp: e.stamp, path: f.path, value: e})
	}
	for _, r := range newest(in, runs) {
		if err := r.value.choose(); err != nil {
			return err
		}
		if err := in.each(r.value.file, r.value.visit); err != nil {
			return err
		}
		in.leave(r.value.others, "other-metric value")
	}
	return nil
}

// eeeReader reads a file, which has one row per sample and metric. It reads it twice: first for
// the metrics that there are.
type eeeReader struct {
	in           *input
	out          *Output
	file         *file
	model, stamp string
	names        []string            // evaluations, in the order of the file
	metrics      map[string][]string // metrics by evaluation
	filters      []string
	filter       string
	others       int
}

func (e *eeeReader) survey(r record) error {
	name, err := r.need("evaluation_name", "the name of the evaluation")
	if err != nil {
		return err
	}
	if e.model, err = r.need("model_id", "the name of the model"); err != nil {
		return err
	}
	if _, known := e.metrics[name]; !known {
		e.names = append(e.names, name)
	}
	if metric := r.text("evaluation_result_id"); !slices.Contains(e.metrics[name], metric) {
		e.metrics[name] = append(e.metrics[name], metric)
	}
	if filter := r.text("metadata.filter"); !slices.Contains(e.filters, filter) {
		e.filters = append(e.filters, filter)
	}
	id := r.text("evaluation_id") // ends with the time
	e.stamp = id[strings.LastIndexByte(id, '/')+1:]
	return nil
}

// choose chooses a metric per evaluation, and a filter where lm-eval had several.
func (e *eeeReader) choose() (err error) {
	for _, name := range e.names {
		metric, err := chooseFor(e.in, e.file.path, name, "metric", e.in.Metric, e.metrics[name])
		if err != nil {
			return err
		}
		e.metrics[name] = []string{metric}
	}
	if len(e.filters) > 1 || e.in.Filter != "" {
		e.filter, err = chooseFor(e.in, e.file.path, e.names[0], "filter", e.in.Filter, e.filters)
	}
	return err
}

func (e *eeeReader) visit(r record) error {
	name := r.text("evaluation_name")
	if filter := r.text("metadata.filter"); e.metrics[name][0] != r.text("evaluation_result_id") || e.filter != "" && filter != e.filter {
		e.others++
		return nil
	}
	g, err := eeeGraded(r)
	if err != nil {
		return err
	}
	if g.Prompt, err = r.prompt("input.raw", e.in.Text); err != nil {
		return err
	}
	return e.out.Answers.Add(g)
}

func eeeGraded(r record) (datasets.Graded, error) {
	g := r.graded()
	id, err := r.need("sample_id", "the id of the sample")
	if err != nil {
		return g, err
	}
	g.Task, g.Model, g.Check = r.text("evaluation_name"), r.text("model_id"), r.text("sample_hash")
	g.ID = g.Task + "/" + id
	if r.text("error") != "" {
		g.Failed = "error"
		return g, nil
	}
	score := "evaluation.score"
	if notANumber(r.Get(score)) {
		score = "evaluation.is_correct"
	}
	err = r.numbers(map[string]*float64{
		score: &g.Quality, "token_usage.input_tokens": &g.InputTokens, "token_usage.output_tokens": &g.OutputTokens, "performance.latency_ms": &g.LatencyS,
	})
	g.LatencyS /= 1000
	return g, err
}
