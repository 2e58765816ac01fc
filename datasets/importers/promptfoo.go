package importers

import (
	"fmt"
	"hash/maphash"
	"path/filepath"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/text"
)

func promptfoo() Tool {
	return Tool{
		Name:    "promptfoo",
		Title:   "promptfoo",
		Files:   "outputs of promptfoo eval: .json, .jsonl or .csv",
		Reads:   "score (or a named one), whether the test passed, the prompt, cost, tokens and latency of answers that were not cached",
		Leaves:  "answers, assertions and reasons; a CSV file has no cost, tokens and latency",
		Example: "routellm datasets import promptfoo results.json --out mine.parquet",
		Uses:    []string{"score", "prompt-label", "text", "repeat", "errors"},
		Gives:   Answers,
		kinds: []kind{
			{name: "json", match: func(p *peek) bool {
				return p.is("{") && p.has("results.version") && (p.has("results.prompts") || p.has("results.results") || p.has("results.stats"))
			}},
			{name: "jsonl", match: func(p *peek) bool { return p.has("provider", "prompt.raw", "vars", "success") }},
			{name: "csv", match: func(p *peek) bool { _, err := promptfooColumns(p.columns()); return err == nil && promptfooGraded(p) }},
		},
		read: readPromptfoo,
	}
}

func readPromptfoo(in *input, out *Output) error {
	first := &firstPrompts{}
	for _, f := range promptfooRichest(in) {
		var err error
		if f.kind == "csv" {
			err = readPromptfooCSV(in, f, out)
		} else {
			err = (&promptfooReader{in: in, file: f, out: out, first: first}).read()
		}
		if err != nil {
			return err
		}
	}
	first.note(in, "the models have prompts of their own")
	return nil
}

// promptfooRichest lists the files without those that have the same results as another: of files
// with one name but for its end, JSON has more than JSON Lines, and both more than CSV.
func promptfooRichest(in *input) (kept []*file) {
	of := map[string]*file{}
	for _, kind := range []string{"json", "jsonl", "csv"} {
		for _, f := range in.of(kind) {
			name := strings.TrimSuffix(strings.TrimSuffix(f.path, ".gz"), ".zst")
			name = strings.TrimSuffix(name, filepath.Ext(name))
			if richer := of[name]; richer != nil {
				in.Notef("left out %s, which has the results of %s with less", f.path, richer.path)
				continue
			}
			of[name], kept = f, append(kept, f)
		}
	}
	return kept
}

// promptfooReader reads the results of an evaluation. It reads them twice: first for the ids of
// tests and the prompts of each model.
type promptfooReader struct {
	in    *input
	file  *file
	out   *Output
	first *firstPrompts

	seed    maphash.Seed
	tests   map[int]promptfooTest // tests by their index
	byVars  map[uint64]int        // first test with the same variables
	ids     map[string]int        // number of tests with an id among their variables; "" counts those without
	labels  map[string][]string   // labels of prompts by model
	label   map[string]string     // label that counts by model
	cached  int
	skipped int
}

// promptfooTest is a test with its id among the variables and the first test with the same
// variables.
type promptfooTest struct {
	id    string
	first int
}

func (p *promptfooReader) read() error {
	p.seed, p.tests, p.byVars = maphash.MakeSeed(), map[int]promptfooTest{}, map[uint64]int{}
	p.ids, p.labels, p.label = map[string]int{}, map[string][]string{}, map[string]string{}
	if err := p.each(p.survey); err != nil {
		return err
	}
	if err := p.chooseLabels(); err != nil {
		return err
	}
	if err := p.each(p.visit); err != nil {
		return err
	}
	if p.cached > 0 {
		p.in.Notef("%s: %s from the cache, so cost and latency of these are not known", p.file.path, text.Plural(p.cached, "answer")+" "+text.Agree(p.cached, "is", "are"))
	}
	p.in.leave(p.skipped, "other-prompt answer")
	if n := len(p.tests) - len(p.byVars); n > 0 && p.in.Collect.Repeat == datasets.RepeatError {
		p.in.Notef("%s: %s another one with the same variables; each is a sample; --repeat mean averages them", p.file.path, text.Plural(n, "test")+" "+text.Agree(n, "repeats", "repeat"))
	}
	return nil
}

func (p *promptfooReader) each(visit visitor) error {
	if p.file.kind == "jsonl" {
		return p.in.each(p.file, visit)
	}
	_, err := p.in.arrays(p.file, map[string]visitor{"results.results": visit, "results.table.body": nil})
	return err
}

func (p *promptfooReader) visit(r record) error {
	model, err := promptfooModel(r)
	if err != nil {
		return err
	}
	if promptfooLabel(r) != p.label[model] {
		p.skipped++
		return nil
	}
	g := r.graded()
	g.ID, g.Task, g.Model = p.id(r), r.text("testCase.description"), model
	prompt, err := r.prompt("prompt.raw", p.in.Text)
	if err != nil {
		return err
	}
	g.Prompt = p.first.keep(g.ID, prompt)
	if err := p.score(r, &g); err != nil {
		return err
	}
	if err := p.usage(r, &g); err != nil {
		return err
	}
	return p.out.Answers.Add(g)
}

// id returns the sample's id: the variable id where it names each test, else the test's index.
func (p *promptfooReader) id(r record) string {
	index := p.test(r, p.varsHash(r))
	test := p.tests[index]
	if p.in.Collect.Repeat == datasets.RepeatMean {
		test.first, index = 0, test.first
	}
	unique := p.ids[""] == 0 && (len(p.ids) == len(p.tests) || p.in.Collect.Repeat == datasets.RepeatMean && len(p.ids) == len(p.byVars))
	if unique {
		return test.id
	}
	return promptfooID(index)
}

func promptfooID(test int) string { return fmt.Sprintf("test/%04d", test) }

// score sets the quality and whether the test passed. A test that failed because the model gave no
// answer is not measured.
func (p *promptfooReader) score(r record, g *datasets.Graded) (err error) {
	noAnswer := !r.Get("failureReason").Exists() && r.text("error") != "" && !r.Get("gradingResult").IsObject()
	if r.Get("failureReason").Int() == 2 || noAnswer {
		g.Failed = "error"
		return nil
	}
	if g.Pass, err = r.number("success"); err != nil {
		return err
	}
	switch p.in.Score {
	case "":
		if g.Quality, err = r.number("score"); !r.Get("score").Exists() {
			g.Quality = g.Pass // older releases write nothing else
		}
	case "success", "pass":
		g.Quality = g.Pass
	default:
		path := "namedScores." + gjson.Escape(p.in.Score)
		if g.Quality, err = r.number(path); !r.Get(path).Exists() {
			return r.err("no score %q, expected one of score, success%s", p.in.Score, promptfooNamed(r))
		}
	}
	return err
}

func promptfooNamed(r record) (list string) {
	r.Get("namedScores").ForEach(func(name, _ gjson.Result) bool {
		list += ", " + name.Str
		return true
	})
	return list
}

// usage sets cost, tokens and latency. Those of a cached answer are not the model's.
func (p *promptfooReader) usage(r record, g *datasets.Graded) error {
	tokens := "tokenUsage"
	if !r.Get(tokens).IsObject() {
		tokens = "response.tokenUsage"
	}
	err := r.numbers(map[string]*float64{"cost": &g.CostUSD, "latencyMs": &g.LatencyS, tokens + ".prompt": &g.InputTokens, tokens + ".completion": &g.OutputTokens})
	g.LatencyS /= 1000
	if r.Get("response.cached").Bool() {
		p.cached++
		none := datasets.NewGraded()
		g.CostUSD, g.LatencyS = none.CostUSD, none.LatencyS
	}
	return err
}
