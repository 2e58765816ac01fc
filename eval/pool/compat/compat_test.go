package compat

import (
	"cmp"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/routellm/routellm/eval/pool"
)

func readJSON(t *testing.T, name string, to any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "golden", "nmodels", name))
	if os.IsNotExist(err) {
		t.Skip("skipped: no ../shared")
	}
	if err == nil {
		err = json.Unmarshal(raw, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func matrixOf(rows [][]float64) pool.Matrix {
	m := pool.NewMatrix(len(rows), len(rows[0]))
	for i, r := range rows {
		copy(m.Row(i), r)
	}
	return m
}

// near fails unless the numbers are equal to 1e-9, relative to the wanted one, or both NaN.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if !(math.Abs(got-want) <= 1e-9*math.Abs(want)) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// arenaFigures are RouterArena's figures of one router in the goldens.
type arenaFigures struct {
	Quality, Cost float64
	Score         float64 `json:"arena_score"`
	Queries       int
	Sel           float64 `json:"opt_sel"`
	OptCost       float64 `json:"opt_cost"`
	Acc           float64 `json:"opt_acc"`
}

// table is a golden file with outcomes.
type table struct {
	Models      []string
	Quality     [][]float64
	Cost        [][]float64 `json:"cost_usd"`
	Fold        []int
	Predictions map[string][][]float64
	Features    [][]float64             `json:"features_int8"`
	Predicted   []float64               `json:"predicted_cost"`
	PredictedOf map[string][][]float64  `json:"predicted_cost_of"`
	Arena       map[string]arenaFigures `json:"constants_arena"`
	Routers     map[string]struct {
		Lowest arenaFigures `json:"lowest_index_at_lambda_0"`
	}
}

func (x table) outcomes() pool.Outcomes {
	return pool.Outcomes{Quality: matrixOf(x.Quality), Cost: matrixOf(x.Cost)}
}

// checkArena compares choices with RouterArena's figures.
func checkArena(t *testing.T, what string, o pool.Outcomes, model []int, want arenaFigures) {
	t.Helper()
	d, _, err := o.Take(model, 0)
	if err != nil {
		t.Fatal(err)
	}
	a, err := ComputeScores.Measure(d.Quality, d.Cost)
	if err != nil {
		t.Fatal(err)
	}
	near(t, what+" score", a.Score, want.Score)
	if want.Quality > 0 {
		near(t, what+" accuracy", a.Accuracy, want.Quality)
		near(t, what+" cost", a.Cost/1000, want.Cost)
	}
	x, err := NewOptimality(o, model)
	if err != nil {
		t.Fatal(err)
	}
	if x.Prompts != want.Queries {
		t.Errorf("%s: %d prompts, want %d", what, x.Prompts, want.Queries)
	}
	near(t, what+" opt_sel", x.Selection, want.Sel)
	near(t, what+" opt_cost", x.Cost, want.OptCost)
	near(t, what+" opt_acc", x.Accuracy, want.Acc)
}

func TestGoldenArena(t *testing.T) {
	for _, name := range []string{"rb365.json", "pareto_k4.json"} {
		var g table
		readJSON(t, name, &g)
		o := g.outcomes()
		for m, model := range g.Models {
			checkArena(t, name+" "+model, o, slices.Repeat([]int{m}, o.N()), g.Arena[model])
		}
		for router, want := range g.Routers {
			quality, cost := o.Quality, o.Cost
			if router != "oracle" {
				quality, cost = matrixOf(g.Predictions[router]), matrixOf([][]float64{g.Predicted})
			}
			if k, ok := g.PredictedOf[router]; ok {
				cost = matrixOf(k)
			}
			model := make([]int, o.N())
			for i := range model { // the cheapest of the best, and the first of those
				model[i] = pool.Policy{}.Choose(quality.Row(i), cost.Row(i%cost.Rows()), 0)
			}
			checkArena(t, name+" "+router, o, model, want.Lowest)
		}
	}
}

func TestRouterArenaPrograms(t *testing.T) {
	var g struct {
		Accuracy [][]float64
		Cost     [][]float64
		ByLength []int `json:"picks_by_length"`
		Results  map[string]struct {
			Accuracy float64
			Cost     float64 `json:"avg_cost_per_1000"`
			Score    float64 `json:"arena_score"`
		}
		Formula []map[string]any
		Holes   struct {
			Rows   []struct{ Accuracy, Cost *float64 }
			Result struct {
				Accuracy float64
				Cost     float64 `json:"avg_cost_per_1000"`
				Score    float64 `json:"arena_score"`
			}
		}
		Optimality map[string]arenaFigures `json:"optimality_transcribed_from_2026_run.py"`
	}
	readJSON(t, "routerarena_blackbox.json", &g)
	o := pool.Outcomes{Quality: matrixOf(g.Accuracy), Cost: matrixOf(g.Cost)}
	for name, model := range map[string][]int{"haiku": slices.Repeat([]int{0}, o.N()), "flash": slices.Repeat([]int{1}, o.N()), "by_length": g.ByLength} {
		want := g.Optimality[name]
		want.Score, want.Quality, want.Cost = g.Results[name].Score, g.Results[name].Accuracy, g.Results[name].Cost/1000
		checkArena(t, name, o, model, want)
	}
	for _, c := range g.Formula {
		for key, program := range map[string]Program{"compute_scores.py": ComputeScores, "llm_evaluation/run.py": Run} {
			got, err := program.Score(c["accuracy"].(float64), c["cost_per_1000"].(float64))
			want, ok := c[key].(float64)
			if ok != (err == nil) {
				t.Errorf("%s of %v: error %v, want %v", key, c, err, c[key])
			}
			if ok && want != 0 {
				near(t, key, got, want)
			} else if ok && got != 0 {
				t.Errorf("%s of %v is %v, want 0", key, c, got)
			}
		}
	}
	var accuracy, cost []float64
	for _, r := range g.Holes.Rows {
		accuracy, cost = append(accuracy, number(r.Accuracy)), append(cost, number(r.Cost))
	}
	a, err := ComputeScores.Measure(accuracy, cost)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "accuracy with holes", a.Accuracy, g.Holes.Result.Accuracy)
	near(t, "cost with holes", a.Cost, g.Holes.Result.Cost)
	near(t, "score with holes", a.Score, g.Holes.Result.Score)
}

// number returns NaN for null.
func number(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

// routerBenchPrices are the prices in RouterBench's program, in USD per million tokens: input plus
// output.
var routerBenchPrices = map[string]float64{"gpt-3.5-turbo-1106": 3, "claude-instant-v1": 3.2, "claude-v1": 32, "claude-v2": 32,
	"gpt-4-1106-preview": 40, "meta/llama-2-70b-chat": 1.8, "mistralai/mixtral-8x7b-chat": 1.2, "zero-one-ai/Yi-34B-Chat": 1.6,
	"WizardLM/WizardLM-13B-V1.2": 0.6, "meta/code-llama-instruct-34b-chat": 1.552, "mistralai/mistral-7b-chat": 0.4}

func TestRouterBench(t *testing.T) {
	var want struct {
		Hulls []struct {
			Name        string
			Points      [][2]float64
			RouterBench [][2]float64
			Exact       [][2]float64 `json:"ndch_exact"`
		} `json:"hull_cases"`
		Pipeline struct {
			Rows []struct {
				Model       string `json:"model_name"`
				Performance float64
				Cost        float64 `json:"total_cost"`
				Pay         *string `json:"willingness_to_pay"`
			}
		}
		AIQ   map[string][]float64 `json:"calc_AIQ"`
		Paper struct {
			KNN  float64 `json:"knn_32_points"`
			Zero float64
		} `json:"paper_AIQ"`
	}
	readJSON(t, "routerbench_blackbox.json", &want)
	for _, c := range want.Hulls {
		exact := pathOf(pointsOf(c.Points)).Hull().Vertices
		for k, p := range pointsOf(c.Exact) {
			near(t, c.Name, exact[k].Cost, p.Cost)
			near(t, c.Name, exact[k].Quality, p.Quality)
		}
		h, err := Hull(pointsOf(c.Points))
		if (err != nil) != (c.RouterBench == nil) {
			t.Errorf("%s: error %v, want %v", c.Name, err, c.RouterBench == nil)
		}
		if len(h) != len(c.RouterBench) {
			t.Errorf("%s: hull %v, want %v", c.Name, h, c.RouterBench)
			continue
		}
		for k, p := range pointsOf(c.RouterBench) {
			near(t, c.Name, h[k].Cost, p.Cost)
			near(t, c.Name, h[k].Quality, p.Quality)
		}
	}
	var g table
	readJSON(t, "rb365.json", &g)
	o, quality, prices := g.fold(0)
	knn, err := Points(o, quality, prices)
	if err != nil {
		t.Fatal(err)
	}
	var constants []Point
	for m := range g.Models {
		constants = append(constants, Constant(o, m))
	}
	for _, r := range want.Pipeline.Rows {
		var got Point
		switch m := slices.Index(g.Models, r.Model); {
		case r.Pay != nil:
			var pay float64
			if err := json.Unmarshal([]byte(*r.Pay), &pay); err != nil {
				t.Fatal(err)
			}
			got = knn[slices.Index(WillingnessToPay, pay)]
		case r.Model == "oracle":
			got = Oracle(o)
		default:
			got = constants[m]
		}
		what := r.Model
		if r.Pay != nil {
			what += " " + *r.Pay
		}
		near(t, what+" cost", got.Cost, r.Cost)
		near(t, what+" performance", got.Quality, r.Performance)
	}
	pooled := pool.Constants{}
	for _, p := range constants {
		pooled.Cost, pooled.Quality = append(pooled.Cost, p.Cost), append(pooled.Quality, p.Quality)
	}
	near(t, "the paper's AIQ", pathOf(knn).Optimistic(pooled, pooled.PoolRange()).AIQ, want.Paper.KNN)
	near(t, "the paper's AIQ of the static mix", pathOf(constants).Optimistic(pooled, pooled.PoolRange()).AIQ, want.Paper.Zero)
	aiq, err := AIQ([][]Point{knn, constants})
	if err != nil {
		t.Fatal(err)
	}
	for k, w := range want.AIQ["knn, zero"] {
		near(t, "AIQ", aiq[k], w)
	}
}

// fold returns the outcomes, the predictions of knn10 and the prices on one fold. Of two equally
// distant neighbours of row 231, the golden predictions use row 38 and RouterBench's run row 72.
func (x table) fold(fold int) (o pool.Outcomes, quality pool.Matrix, prices []float64) {
	var index []int
	for i, f := range x.Fold {
		if f == fold {
			index = append(index, i)
		}
	}
	for _, m := range x.Models {
		prices = append(prices, routerBenchPrices[m])
	}
	row := x.Predictions["knn10"][231]
	for m := range row {
		row[m] += (x.Quality[72][m] - x.Quality[38][m]) / 10
	}
	return x.outcomes().Pick(index), matrixOf(x.Predictions["knn10"]).Pick(index), prices
}

func pointsOf(pairs [][2]float64) []Point {
	var out []Point
	for _, p := range pairs {
		out = append(out, Point{p[0], p[1]})
	}
	return out
}

func TestOthers(t *testing.T) {
	var want struct {
		RouterEval struct {
			Mu  float64 `json:"mu"`
			VB  float64 `json:"V_B"`
			Ent float64 `json:"E_p"`
		}
		Bench struct {
			Oracle map[string]float64 `json:"oracle_accuracy_any_score_above_0"`
		} `json:"llmrouterbench"`
		Formulas struct {
			Acc        float64 `json:"AvgAcc"`
			OverRandom float64 `json:"Gain@R"`
			OverBest   float64 `json:"Gain@B"`
			ToOracle   float64 `json:"Gap@O"`
			Gain       float64 `json:"PerfGain (over the exact path)"`
			Save       float64 `json:"CostSave (1 - QNC)"`
		} `json:"llmrouterbench_formulas"`
	}
	readJSON(t, "other_blackbox.json", &want)
	var g table
	readJSON(t, "rb365.json", &g)
	o := g.outcomes()
	p := pool.Predictions{Quality: matrixOf(g.Predictions["ridge1"]), Cost: matrixOf([][]float64{g.Predicted})}
	path, err := pool.NewPath(o, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewLLMRouterBench(o, Best(p.Quality), path)
	if err != nil {
		t.Fatal(err)
	}
	f := want.Formulas
	near(t, "AvgAcc", b.Accuracy, f.Acc)
	near(t, "Gain@R", b.OverRandom, f.OverRandom)
	near(t, "Gain@B", b.OverBest, f.OverBest)
	near(t, "Gap@O", b.ToOracle, f.ToOracle)
	near(t, "PerfGain", b.PerformanceGain, f.Gain)
	near(t, "CostSave", b.CostSaving, f.Save)
	near(t, "oracle", b.OracleCounted, want.Bench.Oracle["all/test"])
	index, quality := g.neighbours(0, 5)
	e := NewRouterEval(o.Pick(index), quality)
	near(t, "mu", e.Mu, want.RouterEval.Mu)
	near(t, "V_B", e.VB, want.RouterEval.VB)
	near(t, "E_p", e.Entropy, want.RouterEval.Ent)
}

// neighbours returns the rows of a fold, and for each the mean quality of the k rows of other folds
// whose features have the largest cosine.
func (x table) neighbours(fold, k int) (index []int, quality pool.Matrix) {
	var means [][]float64
	for i := range x.Fold {
		if x.Fold[i] != fold {
			continue
		}
		index = append(index, i)
		var others []int
		for j := range x.Fold {
			if x.Fold[j] != fold {
				others = append(others, j)
			}
		}
		slices.SortStableFunc(others, func(a, b int) int {
			return cmp.Compare(cosine(x.Features[i], x.Features[b]), cosine(x.Features[i], x.Features[a]))
		})
		mean := make([]float64, len(x.Models))
		for _, j := range others[:k] {
			for m, q := range x.Quality[j] {
				mean[m] += q / float64(k)
			}
		}
		means = append(means, mean)
	}
	return index, matrixOf(means)
}

func cosine(a, b []float64) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab, aa, bb = ab+a[i]*b[i], aa+a[i]*a[i], bb+b[i]*b[i]
	}
	return ab / math.Sqrt(aa*bb)
}

// pathOf returns points as a path.
func pathOf(points []Point) *pool.Path {
	p := &pool.Path{}
	for _, x := range points {
		p.Vertices = append(p.Vertices, pool.Vertex{Cost: x.Cost, Quality: x.Quality})
	}
	return p
}
