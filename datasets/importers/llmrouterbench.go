package importers

import (
	"fmt"
	"regexp"
	"strings"
)

// llmRouterBench reads LLMRouterBench's results: one file per data set, split, model and run.
func llmRouterBench() Tool {
	return Tool{
		Name: "llmrouterbench", Title: "LLMRouterBench", Gives: Answers, Uses: []string{"text", "skip-bad"},
		Files:   "results/bench/*.json: one file per data set, split, model and run",
		Reads:   "score, cost and tokens of each record, origin_query as prompt, the newest run of each model",
		Leaves:  "demo runs, older runs, answers",
		Example: "routellm datasets import llmrouterbench results/bench --out llmrouterbench.parquet",
		kinds:   []kind{{name: "results", match: isLLMRouterBench}},
		read:    readLLMRouterBench,
	}
}

func isLLMRouterBench(p *peek) bool {
	return !p.isArray() && p.has("model_name", "dataset_name") && (p.has("records") || p.has("performance", "counts"))
}

// benchRun is one file of results.
type benchRun struct {
	f                     *file
	model, dataset, split string
}

var benchTime = regexp.MustCompile(`(\d{8}_\d{6})\.json`)

func readLLMRouterBench(in *input, out *Output) error {
	runs, err := in.benchRuns()
	if err != nil {
		return err
	}
	splits := map[string]map[string]bool{}
	for _, r := range runs {
		if splits[r.value.dataset] == nil {
			splits[r.value.dataset] = map[string]bool{}
		}
		splits[r.value.dataset][r.value.split] = true
	}
	for _, run := range runs {
		b := run.value
		prefix := b.dataset + "/"
		if len(splits[b.dataset]) > 1 { // the records of each split are numbered from 1
			prefix += b.split + "/"
		}
		visit := func(r record) error { return in.benchRecord(r, b, prefix, out) }
		if _, err := in.arrays(b.f, map[string]visitor{"records": visit}); err != nil {
			return err
		}
	}
	return nil
}

// benchRuns returns the newest run of each data set, split and model.
func (in *input) benchRuns() ([]run[benchRun], error) {
	var runs []run[benchRun]
	for _, f := range in.of("results") {
		head, err := in.arrays(f, map[string]visitor{"records": nil})
		if err != nil {
			return nil, err
		}
		if head.Get("demo").Bool() {
			in.leave(1, "demo run")
			continue
		}
		b := benchRun{f, head.text("model_name"), head.text("dataset_name"), head.text("split")}
		if b.model == "" || b.dataset == "" {
			return nil, head.errf("model_name", head.Get("model_name"), "the names of a model and of a data set")
		}
		stamp := ""
		if m := benchTime.FindStringSubmatch(f.path); m != nil {
			stamp = m[1]
		}
		runs = append(runs, run[benchRun]{strings.Join([]string{b.dataset, b.split, b.model}, "\x00"), stamp, f.path, b})
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("found only demo runs of %s, expected %s", in.tool.Name, in.tool.Files)
	}
	return newest(in, runs), nil
}

var benchColumns = []string{"index", "origin_query", "prompt", "score", "cost", "prompt_tokens", "completion_tokens"}

func (in *input) benchRecord(r record, b benchRun, prefix string, out *Output) error {
	row := rowOfObject(r, benchColumns)
	g := row.graded()
	g.ID, g.Task, g.Model = prefix+row.text("index"), b.dataset, b.model
	if row.text("index") == "" {
		return in.skip(row.bad("index", "", "the number of the record"))
	}
	var err error
	if g.Prompt, err = row.prompt(in.Text, "origin_query", "prompt"); err != nil {
		return in.skip(err)
	}
	if g.Quality, err = row.number("score"); err != nil {
		return in.skip(err)
	}
	err = row.fill(of(&g.CostUSD, "cost"), of(&g.InputTokens, "prompt_tokens"), of(&g.OutputTokens, "completion_tokens"))
	if err != nil {
		return in.skip(err)
	}
	return out.Answers.Add(g)
}
