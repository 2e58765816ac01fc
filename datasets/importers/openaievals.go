package importers

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets"
)

func openAIEvals() Tool {
	return Tool{
		Name:    "openai-evals",
		Title:   "OpenAI Evals",
		Files:   "recorded events, .jsonl, one file per run",
		Reads:   "whether the answer matched or a number of metrics, the prompt, tokens where they are recorded; the newest of several runs",
		Leaves:  "answers, the final report, and the calls of a grading model; costs, which it does not record",
		Example: "routellm datasets import openai-evals evallogs/ --out mine.parquet",
		Uses:    []string{"metric", "text", "errors"},
		Gives:   Answers,
		kinds: []kind{
			{name: "events", match: func(p *peek) bool { return p.has("spec.eval_name", "spec.run_id") || p.has("spec.completion_fns") }},
		},
		read: readOpenAIEvals,
	}
}

// evalsRun is a file of events with what its first line says.
type evalsRun struct {
	file        *file
	task, model string
}

func readOpenAIEvals(in *input, out *Output) error {
	var runs []run[evalsRun]
	for _, f := range in.files {
		var spec record
		if err := in.each(f, func(r record) error { spec = r; return errEnough }); err != errEnough {
			return err
		}
		r := evalsRun{file: f, task: spec.text("spec.base_eval")}
		if r.task == "" {
			r.task = spec.text("spec.eval_name")
		}
		for _, path := range []string{"spec.completion_fns.0", "spec.model_names.completions.0", "spec.model_name"} {
			if r.model == "" {
				r.model = spec.text(path)
			}
		}
		if r.model == "" {
			return spec.errf("spec.completion_fns", spec.Get("spec.completion_fns"), "the name of the model")
		}
		name := spec.text("spec.eval_name") + "\x00" + spec.text("spec.split")
		runs = append(runs, run[evalsRun]{group: name + "\x00" + r.model, stamp: spec.text("spec.created_at"), path: f.path, value: r})
	}
	for _, r := range newest(in, runs) {
		if err := (&evalsReader{in: in, evalsRun: r.value, samples: map[string]*evalsSample{}}).read(out); err != nil {
			return err
		}
	}
	return nil
}

// evalsReader gathers the events of each sample, which come in any order.
type evalsReader struct {
	evalsRun
	in      *input
	ids     []string // ids of samples, in the order of their first events
	samples map[string]*evalsSample
	names   []string // metrics
}

// evalsSample holds what the events of a sample say.
type evalsSample struct {
	datasets.Graded
	sampled bool               // whether the model's own call was met; later ones are the grader's
	metrics map[string]float64 // "match" among them
}

func (e *evalsReader) read(out *Output) error {
	if err := e.in.each(e.file, e.visit); err != nil {
		return err
	}
	metric := "match"
	if e.in.Metric != "" || !slices.Contains(e.names, metric) && len(e.names) > 0 {
		var err error
		slices.Sort(e.names)
		if metric, err = chooseFor(e.in, e.file.path, e.task, "metric", e.in.Metric, e.names); err != nil {
			return err
		}
	}
	for _, id := range e.ids {
		s := e.samples[id]
		if q, ok := s.metrics[metric]; ok {
			s.Quality, s.Failed = q, ""
		} else if s.Failed == "" {
			s.Failed = "no " + metric
		}
		if err := out.Answers.Add(s.Graded); err != nil {
			return err
		}
	}
	return nil
}

func (e *evalsReader) visit(r record) error {
	id := r.text("sample_id")
	if id == "" {
		return nil // the specification, the final report
	}
	s := e.samples[id]
	if s == nil {
		s = &evalsSample{Graded: r.graded(), metrics: map[string]float64{}}
		s.ID, s.Task, s.Model = id, e.task, e.model
		e.samples[id], e.ids = s, append(e.ids, id)
	}
	switch r.text("type") {
	case "sampling", "raw_sample":
		return e.sampling(r, s)
	case "match":
		return e.metric(r, s, "match", "data.correct")
	case "metrics":
		return e.metrics(r, s)
	case "error":
		s.Failed = "error"
	}
	return nil
}

// sampling reads the model's call: the first one.
func (e *evalsReader) sampling(r record, s *evalsSample) (err error) {
	if s.sampled {
		return nil
	}
	s.sampled = true
	if s.Prompt, err = r.prompt("data.prompt", e.in.Text); err != nil {
		return err
	}
	return r.numbers(map[string]*float64{"data.usage.prompt_tokens": &s.InputTokens, "data.usage.completion_tokens": &s.OutputTokens})
}

// metric reads a metric of a sample; of several values the first counts.
func (e *evalsReader) metric(r record, s *evalsSample, name, path string) error {
	v, err := r.number(path)
	if _, known := s.metrics[name]; err != nil || known {
		return err
	}
	s.metrics[name] = v
	if !slices.Contains(e.names, name) {
		e.names = append(e.names, name)
	}
	return nil
}

// metrics reads all numbers of a sample's metrics.
func (e *evalsReader) metrics(r record, s *evalsSample) (err error) {
	r.Get("data").ForEach(func(name, v gjson.Result) bool {
		if v.Type == gjson.Number || v.Type == gjson.True || v.Type == gjson.False {
			err = e.metric(r, s, strings.Clone(name.Str), "data."+gjson.Escape(name.Str))
		}
		return err == nil
	})
	return err
}
