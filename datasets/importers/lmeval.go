package importers

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
)

func lmEval() Tool {
	return Tool{
		Name:    "lm-eval",
		Title:   "lm-evaluation-harness",
		Files:   "samples_*.jsonl (of --log_samples) with results_*.json beside them, a folder per model",
		Reads:   "a metric per task, the prompt and the model; the newest of several runs",
		Leaves:  "answers, log-likelihoods and aggregates; costs and tokens, which it does not record",
		Example: "routellm datasets import lm-eval output/ --metric acc --filter strict-match --out mine.parquet",
		Uses:    []string{"metric", "filter", "model", "prompt", "text", "repeat"},
		Gives:   Answers,
		kinds: []kind{
			{name: "samples", match: func(p *peek) bool { return p.has("doc_id", "doc", "arguments") }},
			{name: "results", companion: true, match: func(p *peek) bool { return p.has("results") && (p.has("configs") || lmEvalResults.MatchString(p.name)) }},
		},
		read: readLMEval,
	}
}

// lmEvalResults and lmEvalSamples match names of files: the task, in older releases with the model,
// and the time.
var (
	lmEvalResults = regexp.MustCompile(`^results(?:_(\d{4}-\d\d-\d\dT.*))?\.json`)
	lmEvalSamples = regexp.MustCompile(`^(?:samples_)?(.*?)(?:_(\d{4}-\d\d-\d\dT.*))?\.jsonl?(?:\.gz|\.zst)?$`)
)

func readLMEval(in *input, out *Output) error {
	if err := in.needs("samples"); err != nil {
		return err
	}
	runs, err := lmEvalRuns(in)
	if err != nil {
		return err
	}
	first := &firstPrompts{}
	for _, r := range newest(in, runs) {
		l := lmEvalReader{in: in, out: out, run: r.value, first: first}
		if in.Filter != "" {
			l.wanted = strings.Split(in.Filter, ",")
		}
		if err := l.read(); err != nil {
			return err
		}
	}
	first.note(in, "chat templates differ by model: --prompt FIELD takes a field of doc, such as question, instead")
	return nil
}

// lmEvalReader reads a file of samples.
type lmEvalReader struct {
	in     *input
	out    *Output
	run    lmEvalRun
	first  *firstPrompts
	wanted []string // filters, empty for the only one
	metric string
	filter string // filter of the rows that were read
	rows   int
}

// read reads the rows of the wanted filter, or of the only one that the file has.
func (l *lmEvalReader) read() error {
	if err := l.in.each(l.run.file, l.visit); err != nil || l.rows > 0 {
		return err
	}
	names, err := distinct(l.in, l.run.file, lmEvalFilters)
	if err != nil {
		return err
	}
	if len(names) != 1 {
		return l.severalFilters()
	}
	l.in.takeOnly(l.run.file.path, l.run.task, "filter", l.wanted, names[0])
	l.wanted = nil
	return l.in.each(l.run.file, l.visit)
}

func (l *lmEvalReader) visit(r record) error {
	filter := r.text("filter")
	if len(l.wanted) > 0 && filter != "" && !slices.Contains(l.wanted, filter) {
		return nil
	}
	if l.rows++; l.rows == 1 {
		l.filter = filter
		l.in.choiceOf("filter").found = l.in.choiceOf("filter").found || slices.Contains(l.wanted, filter)
		if err := l.chooseMetric(r); err != nil {
			return err
		}
	}
	if filter != l.filter && filter != "" {
		return l.severalFilters()
	}
	g, err := l.graded(r)
	if err != nil {
		return err
	}
	return l.out.Answers.Add(g)
}

// severalFilters reads the file again for its filters, and returns the error that lists them.
func (l *lmEvalReader) severalFilters() error {
	names, err := distinct(l.in, l.run.file, lmEvalFilters)
	if err != nil {
		return err
	}
	_, err = choose(l.run.file.path, "filter", "filter", strings.Join(l.wanted, ","), names)
	return err
}

func lmEvalFilters(r record) []string { return []string{r.text("filter")} }

// chooseMetric chooses the metric by the first row.
func (l *lmEvalReader) chooseMetric(r record) (err error) {
	l.metric, err = chooseFor(l.in, l.run.file.path, l.run.task, "metric", l.in.Metric, lmEvalMetrics(r))
	return err
}

// lmEvalMetrics lists the metrics of a row that are numbers.
func lmEvalMetrics(r record) (names []string) {
	listed := map[string]bool{}
	for _, m := range r.Get("metrics").Array() {
		listed[m.Str] = true
	}
	r.ForEach(func(key, v gjson.Result) bool {
		number := v.Type == gjson.Number || v.Type == gjson.True || v.Type == gjson.False
		if listed[key.Str] && (number || notANumber(v)) || number && len(listed) == 0 && key.Str != "doc_id" {
			names = append(names, key.Str)
		}
		return true
	})
	return names
}

func (l *lmEvalReader) graded(r record) (datasets.Graded, error) {
	g := r.graded()
	id, err := r.need("doc_id", "the number of the document")
	if err != nil {
		return g, err
	}
	g.ID, g.Task, g.Model, g.Check = l.run.task+"/"+id, l.run.task, l.run.model, r.text("doc_hash")
	if g.Quality, err = r.number(gjson.Escape(l.metric)); err != nil {
		return g, err
	}
	prompt, err := l.prompt(r)
	if err != nil {
		return g, err
	}
	g.Prompt = l.first.keep(g.ID, prompt)
	return g, nil
}

// prompt returns what the model was sent, or a field of doc.
func (l *lmEvalReader) prompt(r record) (string, error) {
	if l.in.Prompt != "" {
		path := "doc." + strings.TrimPrefix(l.in.Prompt, "doc.")
		if !r.Get(path).Exists() {
			return "", r.errf(path, r.Get(path), "the prompt")
		}
		return r.prompt(path, l.in.Text)
	}
	for _, path := range []string{"arguments.gen_args_0.arg_0", "arguments.0.0", "arguments.0.arg_0"} {
		if v := r.Get(path); v.Type == gjson.String || v.IsArray() {
			return r.prompt(path, l.in.Text)
		}
	}
	return "", hint.With(r.errf("arguments", r.Get("arguments"), "what the model was sent, as in arguments.gen_args_0.arg_0"),
		"--prompt FIELD takes a field of doc, such as question")
}
