package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
)

// poolFileOf writes a table and returns its path.
func poolFileOf(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "calls.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// threeModels is a table of three models. Row d lacks the quality of big, and row e the cost of mid.
const threeModels = `sample_id,task,quality:big,quality:mid,quality:small,cost_usd:big,cost_usd:mid,cost_usd:small,latency_s:big,latency_s:mid,latency_s:small
a,x,1,1,1,0.010,0.004,0.001,5,2,1
b,x,1,1,0,0.020,0.005,0.001,6,2,1
c,y,1,0,0,0.030,0.006,0.002,7,2,1
d,y,,1,1,0.010,0.004,0.001,5,2,1
e,y,1,1,1,0.010,,0.001,5,2,1
f,y,1,0,1,0.020,0.005,0.002,8,2,1
`

// evaluated returns the only pool of an evaluation.
func evaluatedPool(t *testing.T, path string, routers []string, o PoolOptions, run RunOptions) results.Pool {
	t.Helper()
	ps, err := OpenPredictors(routers, RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pools, err := LoadPools(context.Background(), []string{path}, ps, o)
	if err != nil {
		t.Fatal(err)
	}
	run.Points = DefaultPoints()
	e, err := RunPools(context.Background(), ps, pools, run)
	if err != nil {
		t.Fatal(err)
	}
	return e.Document.Pools[0]
}

// TestPoolLeavesOutIncompleteRows counts the rows without a quality or a cost, by model.
func TestPoolLeavesOutIncompleteRows(t *testing.T) {
	p := evaluatedPool(t, poolFileOf(t, threeModels), []string{"oracle"}, PoolOptions{}, RunOptions{})
	if p.Samples != 4 || p.Excluded.Missing != 2 || p.Best != "big" || p.Cheapest != "small" {
		t.Errorf("%d samples, %d missing, best %s, cheapest %s", p.Samples, p.Excluded.Missing, p.Best, p.Cheapest)
	}
	for k, want := range []int{1, 1, 0} {
		if p.Models[k].Missing != want {
			t.Errorf("%s lacks %d rows, want %d", p.Models[k].Name, p.Models[k].Missing, want)
		}
	}
	for k, want := range []float64{0.02, 0.005, 0.0015} {
		if math.Abs(float64(p.Models[k].Cost.Value)-want) > 1e-12 {
			t.Errorf("%s costs %v, want %v", p.Models[k].Name, p.Models[k].Cost.Value, want)
		}
	}
	// right for the least money: a and f with small, b with mid, c with big
	end := p.Routers[0].Points[len(p.Routers[0].Points)-1]
	if math.Abs(float64(end.Cost.Value)-(0.001+0.005+0.030+0.002)/4) > 1e-12 || end.Quality.Value != 1 || end.Mix["small"] != 0.5 {
		t.Errorf("the oracle ends at %+v", end)
	}
}

func TestPoolAxes(t *testing.T) {
	path := poolFileOf(t, threeModels)
	p := evaluatedPool(t, path, []string{"random"}, PoolOptions{Axis: results.LatencyAxis}, RunOptions{})
	if p.Samples != 5 || p.Models[0].Cost.Value != (5+6+7+5+8)/5. || p.Excluded.Missing != 1 {
		t.Errorf("latency: %d samples, %v seconds", p.Samples, p.Models[0].Cost.Value)
	}
	calls := PoolOptions{Axis: results.CallsAxis, Models: []string{"big,small"}}
	calls.Pair = results.Pair{Strong: "big", Weak: "small"}
	p = evaluatedPool(t, path, nil, calls, RunOptions{})
	if p.Models[0].Cost.Value != 1 || p.Models[1].Cost.Value != 0 || p.Range.Lo != 0 || p.Range.Hi != 1 {
		t.Errorf("calls: %+v", p.Models)
	}
}

// TestCallsAreTodaysCurve holds the axis of calls against the evaluation of two models.
func TestCallsAreTodaysCurve(t *testing.T) {
	pair := results.Pair{Strong: "google/gemini-2.5-pro", Weak: "meta-llama/llama-3.1-8b-instruct"}
	o := PoolOptions{Axis: results.CallsAxis, Models: []string{pair.Weak, pair.Strong}}
	o.Pair = pair
	p := evaluatedPool(t, "pareto", []string{"mf", "length"}, o, RunOptions{})
	rs, err := Open([]string{"mf", "length"}, RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	benches, err := Load(context.Background(), []string{"pareto"}, rs, LoadOptions{Pair: pair})
	if err != nil {
		t.Fatal(err)
	}
	e, err := Run(context.Background(), rs, benches, RunOptions{Points: DefaultPoints()})
	if err != nil {
		t.Fatal(err)
	}
	for k, r := range p.Routers {
		want := e.Document.Benchmarks[0].Routers[k].Metrics
		for name, pairOf := range map[string][2]results.Value{
			"APGR": {r.Metrics.Share.Value, want.APGR.Value}, "AUC": {r.Metrics.Area.Value, want.AUC.Value},
			"calls for 95 %": {r.Metrics.CostFor["0.95"].Value, want.FractionFor["0.95"].Value},
		} {
			if math.Abs(float64(pairOf[0]-pairOf[1])) > 1e-7 { // a pool counts a quality as reached within 1e-9
				t.Errorf("%s of %s is %v, want %v", name, r.Name, pairOf[0], pairOf[1])
			}
		}
	}
}

// TestPoolLatency measures quantiles at operating points, the router's own seconds included.
func TestPoolLatency(t *testing.T) {
	ps, err := OpenPredictors([]string{"oracle"}, RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if ps, err = (OwnCosts{Latency: map[string]float64{"oracle": 0.5}, Cost: map[string]float64{"": 0.001}}).Apply(ps); err != nil {
		t.Fatal(err)
	}
	pools, err := LoadPools(context.Background(), []string{poolFileOf(t, threeModels)}, ps, PoolOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := RunPools(context.Background(), ps, pools, RunOptions{Points: DefaultPoints()})
	if err != nil {
		t.Fatal(err)
	}
	r := e.Document.Pools[0].Routers[0]
	end := r.Points[len(r.Points)-1]
	if end.LatencyP50 != 1.5 || end.LatencyP95 != 7.5 { // 1, 1, 2 and 7 seconds
		t.Errorf("p50 %v, p95 %v", end.LatencyP50, end.LatencyP95)
	}
	if want := (0.001+0.005+0.030+0.002)/4 + 0.001; math.Abs(float64(end.Cost.Value)-want) > 1e-12 {
		t.Errorf("cost %v, want %v", end.Cost.Value, want)
	}
	if _, err := (OwnCosts{Cost: map[string]float64{"orcale": 1}}).Apply(ps); err == nil || !strings.Contains(err.Error(), "no such router") {
		t.Errorf("error %v", err)
	}
}

// TestPoolRefuses names what is wrong with pools.
func TestPoolRefuses(t *testing.T) {
	path := poolFileOf(t, threeModels)
	comma := poolFileOf(t, "sample_id,\"quality:a,b\",quality:c,\"cost_usd:a,b\",cost_usd:c\nx,1,0,2,1\ny,0,1,2,1\n")
	for _, c := range []struct {
		path string
		o    PoolOptions
		want string
	}{
		{path, PoolOptions{Models: []string{"big,tiny"}}, `no model "tiny"`},
		{path, PoolOptions{Models: []string{"big", "big,mid"}}, "named twice"},
		{path, PoolOptions{Axis: "money"}, `axis "money"`},
		{path, PoolOptions{Axis: results.CallsAxis}, "two models"},
		{path, PoolOptions{Axis: results.CharsAxis}, `"output_chars:big": missing`},
		{path, PoolOptions{Range: pool.Range{Lo: 2, Hi: 1}}, "the lower one first"},
		{comma, PoolOptions{Models: []string{"a,b", "c"}}, ""},
		{poolFileOf(t, "sample_id,quality:a,quality:b,cost_usd:a,cost_usd:b\nx,1,0,-1,1\n"), PoolOptions{}, "0 or more"},
		{poolFileOf(t, "sample_id,quality:a,quality:b,cost_usd:a,cost_usd:b\nx,1,,1,1\ny,,1,1,1\n"), PoolOptions{}, "all 2 samples are left out"},
	} {
		_, err := LoadPools(context.Background(), []string{c.path}, nil, c.o)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: error %v, want %q", c.o.Models, err, c.want)
		}
	}
}

// TestPoolEdges evaluates pools in which something does not exist: it is missing and warned of.
func TestPoolEdges(t *testing.T) {
	for name, c := range map[string]struct{ text, warning string }{
		"one model":            {"sample_id,quality:a,cost_usd:a\nx,1,2\ny,0,1\n", "one model"},
		"best is cheapest":     {"sample_id,quality:a,quality:b,cost_usd:a,cost_usd:b\nx,1,0,1,2\ny,1,1,1,2\n", "also the cheapest"},
		"two identical models": {"sample_id,quality:a,quality:b,cost_usd:a,cost_usd:b\nx,1,1,1,1\ny,0,0,1,1\n", "also the cheapest"},
	} {
		o := PoolOptions{}
		p := evaluatedPool(t, poolFileOf(t, c.text), []string{"oracle"}, o, RunOptions{Intervals: Intervals{Method: Bootstrap, Resamples: 40, Confidence: 0.95}})
		if !slices.ContainsFunc(p.Warnings, func(w string) bool { return strings.Contains(w, c.warning) }) {
			t.Errorf("%s: warnings %q, want one with %q", name, p.Warnings, c.warning)
		}
		if m := p.Routers[0].Metrics; m.Lift.Value.Exists() || m.Area.Value.Exists() {
			t.Errorf("%s: lift %v, area %v", name, m.Lift, m.Area)
		}
	}
	free := PoolOptions{LoadOptions: LoadOptions{Pricing: Pricing{Free: []string{"b"}}}}
	p := evaluatedPool(t, poolFileOf(t, "sample_id,quality:a,quality:b,cost_usd:a,cost_usd:b\nx,1,0,1,0\ny,1,1,2,0\n"), []string{"oracle"}, free, RunOptions{})
	if m := p.Routers[0].Metrics; m.LogLift.Value.Exists() || !m.Lift.Value.Exists() || len(p.Warnings) == 0 {
		t.Errorf("a free model: log lift %v, lift %v, warnings %q", m.LogLift, m.Lift, p.Warnings)
	}
}

// TestPoolSetComesBack reads what a results folder holds of each router.
func TestPoolSetComesBack(t *testing.T) {
	dir := t.TempDir()
	ps, err := OpenPredictors([]string{"random", "oracle", "mf"}, RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pools, err := LoadPools(context.Background(), []string{"pareto"}, ps, PoolOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := RunPools(context.Background(), ps, pools, RunOptions{Points: DefaultPoints()})
	if err != nil {
		t.Fatal(err)
	}
	samples, err := e.Set.SamplesFile()
	if err != nil {
		t.Fatal(err)
	}
	e.Document.Samples = &results.Input{Path: "samples.parquet", SHA256: datasets.DigestBytes(samples)}
	document, err := json.Marshal(e.Document)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"samples.parquet": samples, "results.json": document} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	set, err := ReadPoolSet(filepath.Join(dir, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	for k, r := range set.Pools[0].Routers {
		want, got := pathOfRouter(t, e.Set.Pools[0], k), pathOfRouter(t, set.Pools[0], k)
		if got != want {
			t.Errorf("%s comes back with another path: %s, want %s", r.Name, got, want)
		}
	}
}

// TestPoolWeightsComeBack evaluates weighted samples, and reads the weights from the results.
func TestPoolWeightsComeBack(t *testing.T) {
	path := poolFileOf(t, "sample_id,weight,quality:a,quality:b,cost_usd:a,cost_usd:b\nx,1,1,0,2,1\ny,3,0,1,2,1\n")
	pools, err := LoadPools(context.Background(), []string{path}, nil, PoolOptions{LoadOptions: LoadOptions{Reading: Reading{Columns: datasets.Mapping{Weight: "weight"}}}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := RunPools(context.Background(), nil, pools, RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if q := e.Document.Pools[0].Models[1].Quality.Value; q != 0.75 || !e.Document.Pools[0].Weighted {
		t.Errorf("quality %v, want 0.75", q)
	}
	samples, err := e.Set.SamplesFile()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "samples.parquet")
	if err := os.WriteFile(file, samples, 0o644); err != nil {
		t.Fatal(err)
	}
	_, weights, err := datasets.ReadColumns(file, nil, []string{"weight"})
	if err != nil || !slices.Equal(weights[0], []float64{1, 3}) {
		t.Errorf("weights %v, %v", weights, err)
	}
}

// pathOfRouter describes a router's path.
func pathOfRouter(t *testing.T, p *ScoredPool, k int) string {
	t.Helper()
	s, err := p.Routers[k].Sweep(p.Outcomes)
	if err != nil {
		t.Fatal(err)
	}
	path := s.Path(nil)
	return fmt.Sprintf("%d vertices, %v to %v", len(path.Vertices), path.Vertices[0], path.End())
}

// TestPoolGolden holds an evaluation of files against the reference program.
func TestPoolGolden(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "shared", "golden", "nmodels", "rb365.json"))
	if os.IsNotExist(err) {
		t.Skip("skipped: no ../shared")
	}
	var g struct {
		Models      []string
		Quality     [][]float64
		Cost        [][]float64 `json:"cost_usd"`
		Predicted   []float64   `json:"predicted_cost"`
		Predictions map[string][][]float64
		Routers     json.RawMessage
	}
	if err == nil {
		err = json.Unmarshal(raw, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	var routers map[string]struct{ Summary map[string]*float64 }
	if err := json.Unmarshal(g.Routers, &routers); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	table := func(name string, prefixes []string, rows ...[][]float64) string {
		var b strings.Builder
		b.WriteString("sample_id")
		for _, p := range prefixes {
			for _, m := range g.Models {
				fmt.Fprintf(&b, ",%s:%s", p, m)
			}
		}
		for i := range g.Quality {
			fmt.Fprintf(&b, "\ns%d", i)
			for _, r := range rows {
				for _, v := range r[i%len(r)] {
					fmt.Fprintf(&b, ",%v", v)
				}
			}
		}
		path := filepath.Join(dir, name+".csv")
		if err := os.WriteFile(path, []byte(b.String()+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	data := table("rb", []string{"quality", "cost_usd"}, g.Quality, g.Cost)
	names := []string{"oracle"}
	for _, r := range []string{"knn10", "ridge1"} {
		names = append(names, "scores:"+table(r, []string{"score", "cost"}, g.Predictions[r], [][]float64{g.Predicted}))
	}
	p := evaluatedPool(t, data, names, PoolOptions{}, RunOptions{})
	for _, r := range p.Routers {
		want := routers[r.Name].Summary
		for key, got := range map[string]results.Value{"lift": r.Metrics.Lift.Value, "area": r.Metrics.Area.Value, "log_area": r.Metrics.LogArea.Value,
			"cost_for_0.9": r.Metrics.CostFor["0.9"].Value, "cost_for_0.95": r.Metrics.CostFor["0.95"].Value} {
			if w := want[key]; w == nil && got.Exists() || w != nil && !(math.Abs(float64(got)-*w) < 1e-9) {
				t.Errorf("%s of %s is %v, want %v", key, r.Name, got, w)
			}
		}
	}
}
