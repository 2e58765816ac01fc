package importers

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/routellm/routellm/internal/hint"
)

// langsmith reads runs of LangSmith. They are trees: the root of a trace has the grade and the
// example of the data set, the runs of type llm below it have the model, tokens and costs.
func langsmith() Tool {
	return Tool{
		Name: "langsmith", Title: "LangSmith", Gives: Answers, Uses: []string{"score", "text", "repeat", "errors", "skip-bad"},
		Files:   "runs as JSON Lines, JSON, CSV or Parquet, with the runs below the roots",
		Reads:   "the average of a feedback key as quality, reference_example_id as id; model, cost and tokens of the llm runs of a trace, latency of its root",
		Leaves:  "traces without feedback and example, traces of several models, outputs",
		Example: "routellm datasets import langsmith runs.jsonl --score correct --out langsmith.parquet",
		kinds:   []kind{{name: "runs", match: func(p *peek) bool { return p.table("id", "run_type", "trace_id", "inputs") }}},
		read:    readLangsmith,
	}
}

var smithColumns = []string{
	"id", "run_type", "trace_id", "parent_run_id", "session_name", "reference_example_id", "inputs", "extra", "error", "status",
	"prompt_tokens", "completion_tokens", "total_cost", "prompt_cost", "completion_cost", "feedback_stats", "start_time", "end_time",
}

// smith joins the runs of each trace.
type smith struct {
	in     *input
	keys   map[string]bool // keys of feedback that some run has
	traces map[string]*smithTrace
}

// smithTrace holds what the runs of one trace say.
type smithTrace struct {
	example, session string
	feedback         map[string]float64 // averages by key: those of the root, or else of a run below it
	rooted           bool               // whether feedback is the root's
	prompt           string             // prompt in the inputs of the root
	refused          error              // why the root has no prompt
	failed           bool
	start, end       string // times of the root
	root             call   // the root's own numbers, for traces without llm runs
	calls            []call
}

func readLangsmith(in *input, out *Output) error {
	s := smith{in: in, keys: map[string]bool{}, traces: map[string]*smithTrace{}}
	for _, f := range in.of("runs") {
		if err := in.scan(f, smithColumns, s.row); err != nil {
			return err
		}
	}
	if len(s.keys) == 0 {
		return hint.With(fmt.Errorf("%q: found runs without feedback_stats, expected grades", in.files[0].path),
			"export the runs of an experiment, with their feedback")
	}
	key, err := choose(in.files[0].path, "feedback key", "score", in.score(), slices.Sorted(maps.Keys(s.keys)))
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(s.traces)) {
		if err := s.answer(s.traces[id], key, out); err != nil {
			return err
		}
	}
	return nil
}

func (s *smith) row(r tableRow) error {
	id := cmp.Or(r.text("trace_id"), r.text("id"))
	t := s.traces[id]
	if t == nil {
		t = &smithTrace{}
		s.traces[id] = t
	}
	parent := r.text("parent_run_id")
	isRoot := parent == "" || r.text("id") == id
	if feedback := s.feedback(r); len(feedback) > 0 && (isRoot || !t.rooted) {
		t.feedback, t.rooted = feedback, isRoot
	}
	t.example = max(t.example, r.text("reference_example_id"))
	c, err := s.call(r)
	if err != nil {
		return s.in.skip(err)
	}
	if isRoot {
		t.session, t.start, t.end, t.root = r.text("session_name"), c.start, c.end, c
		t.failed = r.text("error") != "" || r.text("status") == "error"
		t.prompt, t.refused = smithPrompt(r, s.in.Text)
	}
	switch r.text("run_type") {
	case "llm":
		t.calls = append(t.calls, c)
	case "embedding":
		s.in.leave(1, "embedding")
	}
	return nil
}

// call reads what one run took.
func (s *smith) call(r tableRow) (c call, err error) {
	c = call{Graded: r.graded(), id: r.text("id"), start: r.text("start_time"), end: r.text("end_time")}
	extra := r.json("extra")
	for _, path := range []string{"metadata.ls_model_name", "invocation_params.model", "invocation_params.model_name", "metadata.model_name", "metadata.model"} {
		if c.Model == "" {
			c.Model = extra.Get(path).String()
		}
	}
	err = r.fill(of(&c.InputTokens, "prompt_tokens"), of(&c.OutputTokens, "completion_tokens"), of(&c.CostUSD, "total_cost"))
	if err != nil {
		return c, err
	}
	if r.text("run_type") == "llm" {
		c.Prompt, _ = smithPrompt(r, s.in.Text) // the root's counts, and an error of it is told
	}
	return c, nil
}

// answer hands over the answer of a trace.
func (s *smith) answer(t *smithTrace, key string, out *Output) error {
	quality, graded := t.feedback[key]
	if !graded {
		quality = nan
	}
	if !graded && t.example == "" {
		s.in.leave(1, "ungraded trace")
		return nil
	}
	calls := inOrder(t.calls)
	if len(calls) == 0 {
		calls = []call{t.root}
	}
	if !oneModel(calls) {
		s.in.leave(1, "several-model trace")
		return nil
	}
	g := together(calls).Graded
	g.ID, g.Quality, g.LatencyS = t.example, quality, seconds(t.start, t.end)
	g.Model = cmp.Or(g.Model, t.session)
	if g.Prompt = cmp.Or(t.prompt, g.Prompt); g.Prompt == "" {
		return s.in.skip(cmp.Or(t.refused, fmt.Errorf("%q: row %d: found no inputs, expected a prompt", g.File, g.Row)))
	}
	if g.Model == "" {
		return s.in.skip(fmt.Errorf("%q: row %d: found no extra.metadata.ls_model_name, expected the name of the model", g.File, g.Row))
	}
	if g.ID == "" {
		g.ID = promptID(g.Prompt)
	}
	if t.failed && !graded {
		g.Failed = "error"
	}
	return out.Answers.Add(g)
}
