package importers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
)

// The columns of RouterBench's table that belong to a model are named after it, with a suffix.
const (
	costSuffix     = "|total_cost"
	responseSuffix = "|model_response"
)

// routerBench reads the wide table of RouterBench: one row per prompt, and for each model a
// column of quality and one of cost. Prompts are lists of turns as Python prints them.
func routerBench() Tool {
	return Tool{
		Name: "routerbench", Title: "RouterBench", Gives: Answers, Uses: []string{"text", "skip-bad"}, bounds: [2]float64{0, 1},
		Files:   "the wide table as CSV, Parquet or JSON Lines",
		Reads:   "quality and cost of every model that has a column MODEL|total_cost, prompt, eval_name as task",
		Leaves:  "answers, the oracle's column, and the original pickle, which pandas converts",
		Example: "routellm datasets import routerbench wide.csv --out routerbench.parquet",
		kinds:   []kind{{name: "table", match: isRouterBench}, {name: "pickle", match: isRouterBenchPickle}},
		read:    readRouterBench,
	}
}

func isRouterBench(p *peek) bool {
	return p.table("sample_id", "prompt") && len(routerBenchModels(p.tableColumns())) > 0
}

// isRouterBenchPickle reports whether a file is the pickled data frame in which RouterBench is
// published.
func isRouterBenchPickle(p *peek) bool {
	return len(p.head) > 2 && p.head[0] == 0x80 && p.head[1] < 16 && strings.Contains(string(p.head), "pandas")
}

// routerBenchModels lists the models among the columns of a table.
func routerBenchModels(columns []string) (models []string) {
	for _, c := range columns {
		if slices.Contains(columns, c+costSuffix) || slices.Contains(columns, c+responseSuffix) {
			models = append(models, c)
		}
	}
	return models
}

func readRouterBench(in *input, out *Output) error {
	if pickles := in.of("pickle"); len(pickles) > 0 {
		path := pickles[0].path
		return hint.With(fmt.Errorf("%q: found a Python pickle, which only Python reads, expected CSV, Parquet or JSON Lines", path),
			fmt.Sprintf("python -c 'import pandas; pandas.read_pickle(%q).to_parquet(\"routerbench.parquet\")'", path))
	}
	for _, f := range in.of("table") {
		columns, err := in.columns(f)
		if err != nil {
			return err
		}
		models := routerBenchModels(columns)
		want := []string{"sample_id", "prompt", "eval_name"}
		for _, m := range models {
			want = append(want, m, m+costSuffix)
		}
		if err := in.scan(f, want, func(r tableRow) error { return in.routerBenchRow(r, models, out) }); err != nil {
			return err
		}
	}
	return nil
}

func (in *input) routerBenchRow(r tableRow, models []string, out *Output) error {
	prompt, err := r.prompt(firstTurn(in.Text), "prompt")
	if err != nil {
		return in.skip(err)
	}
	answers := make([]datasets.Graded, 0, len(models))
	for _, m := range models {
		g := r.graded()
		g.ID, g.Task, g.Prompt, g.Model = r.text("sample_id"), r.text("eval_name"), prompt, m
		if g.Quality, err = r.number(m); err != nil {
			return in.skip(err)
		}
		if g.CostUSD, err = r.amount(m + costSuffix); err != nil {
			return in.skip(err)
		}
		answers = append(answers, g)
	}
	for _, g := range answers {
		if err := out.Answers.Add(g); err != nil {
			return err
		}
	}
	return nil
}
