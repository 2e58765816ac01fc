package importers

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
)

// routerArena reads RouterArena's predictions: for each prompt the model that a router chose, and
// with "for_optimality" the answers of the others; and its cached results, one file per model.
func routerArena() Tool {
	return Tool{
		Name: "routerarena", Title: "RouterArena", Gives: Answers, Uses: []string{"text", "repeat", "errors", "decisions", "skip-bad"}, bounds: [2]float64{0, 1},
		Files:   "predictions/*.json or *.jsonl, cached_results/*.jsonl; model_cost/*.json beside them",
		Reads:   "accuracy, cost (else tokens times the price) and tokens of each answer; the router's decisions, for eval --router decisions:FILE",
		Leaves:  "answers; robustness prompts have ids of their own",
		Example: "routellm datasets import routerarena predictions/my-router.json --out arena.parquet",
		kinds: []kind{
			{name: "predictions", match: func(p *peek) bool { return p.arenaRow("prediction") }},
			{name: "results", match: func(p *peek) bool { return p.arenaRow("llm_selected") }},
			{name: "prices", companion: true, match: isArenaPrices},
		},
		read: readRouterArena,
	}
}

// arenaRow reports whether the first row has an id of RouterArena and a model.
func (p *peek) arenaRow(model string) bool {
	return p.table("global index", model) || p.table("global_index", model)
}

// arenaID is the columns of the id; files of several ages differ in the blank.
var arenaID = []string{"global index", "global_index"}

var arenaColumns = append([]string{
	"prompt", "prompt_formatted", "question", "prediction", "llm_selected", "for_optimality", "generated_result", "cost", "accuracy",
	"token_usage", "success", "evaluation_result",
}, arenaID...)

func readRouterArena(in *input, out *Output) error {
	a := arena{in: in, out: out, chosen: map[string]Decision{}}
	for _, f := range append(in.of("predictions"), in.of("results")...) {
		prices, err := a.pricesFor(f)
		if err != nil {
			return err
		}
		isRouter := f.kind == "predictions"
		if err := in.scan(f, arenaColumns, func(r tableRow) error { return a.row(r, isRouter, prices) }); err != nil {
			return err
		}
	}
	if a.answers == 0 && len(out.Decisions) == 0 {
		return fmt.Errorf("found neither answers nor decisions of routerarena, expected %s", in.tool.Files)
	}
	return nil
}

// arena collects what RouterArena's files hold.
type arena struct {
	in      *input
	out     *Output
	chosen  map[string]Decision // decision by id
	answers int
}

// row reads one row. The rows of a router's predictions without for_optimality are its decisions.
func (a *arena) row(r tableRow, isRouter bool, prices arenaPrices) error {
	g := r.graded()
	g.ID, g.Model = r.text(arenaID...), r.text("prediction", "llm_selected")
	if g.ID == "" || g.Model == "" {
		return a.in.skip(r.bad("prediction", g.Model, "a row with an id and the name of a model"))
	}
	if isRouter && !r.bool("for_optimality") {
		if err := a.decide(r, Decision{g.ID, g.Model}); err != nil {
			return err
		}
	}
	if !r.has("accuracy", "cost", "generated_result", "evaluation_result") {
		return nil // a decision that was not carried out
	}
	if i := strings.LastIndexByte(g.ID, '_'); i > 0 {
		g.Task = g.ID[:i]
	}
	if err := a.answer(r, &g, prices); err != nil {
		return a.in.skip(err)
	}
	a.answers++
	return a.out.Answers.Add(g)
}

func (a *arena) decide(r tableRow, d Decision) error {
	switch before, ok := a.chosen[d.ID]; {
	case !ok:
		a.chosen[d.ID] = d
		a.out.Decisions = append(a.out.Decisions, d)
	case before != d:
		return hint.With(r.bad("prediction", d.Model, fmt.Sprintf("%q, as another row decided for %q", before.Model, d.ID)),
			"the decisions of several routers cannot be in one file: import one predictions file at a time")
	}
	return nil
}

// answer reads what an answer was worth and what it took.
func (a *arena) answer(r tableRow, g *datasets.Graded, prices arenaPrices) (err error) {
	if g.Prompt, err = r.prompt(a.in.Text, "prompt", "prompt_formatted", "question"); err != nil {
		return err
	}
	graded, result := r.json("evaluation_result"), r.json("generated_result")
	if g.Quality, err = r.number("accuracy"); err != nil {
		return err
	}
	g.Quality = known(g.Quality, numberIn(graded, "score"))
	usage := result.Get("token_usage")
	if !usage.Exists() {
		usage = r.json("token_usage")
	}
	g.InputTokens, g.OutputTokens = numberIn(usage, "input_tokens"), numberIn(usage, "output_tokens")
	if g.CostUSD, err = r.amount("cost"); err != nil {
		return err
	}
	g.CostUSD = known(g.CostUSD, numberIn(graded, "inference_cost"), prices.cost(g.Model, g.InputTokens, g.OutputTokens))
	if failed := result.Get("success"); failed.IsBool() && !failed.Bool() || r.text("success") == "false" {
		g.Failed, g.Quality = "error", nan
	}
	return nil
}

// pricesFor reads the prices that are given, or else those beside a file: in a folder model_cost
// or a file model_cost.json, in the file's folder or one of the two above it.
func (a *arena) pricesFor(f *file) (arenaPrices, error) {
	prices := arenaPrices{}
	var files []string
	for _, given := range a.in.of("prices") {
		files = append(files, given.path)
	}
	for dir, up := filepath.Dir(f.path), 0; up < 3 && len(files) == 0; dir, up = filepath.Dir(dir), up+1 {
		for _, pattern := range []string{"model_cost.json", "model_cost/*.json"} {
			found, _ := filepath.Glob(filepath.Join(globEscape.Replace(dir), pattern))
			files = append(files, found...)
		}
	}
	for _, path := range files {
		if err := prices.read(path); err != nil {
			return nil, err
		}
	}
	return prices, nil
}
