package tidy

import (
	"bytes"
	"encoding/csv"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// metric returns a value with an interval.
func metric(v, lo, hi float64) results.Metric {
	return results.Metric{Value: results.Value(v), Lo: results.Value(lo), Hi: results.Value(hi)}
}

var (
	missing = results.Missing
	test    = &results.Test{Verdict: "better", P: 0.001, PAdjusted: 0.002}
)

// document returns results with one benchmark and one pool.
func document() *results.Document {
	router := results.Router{
		Name: "a, b", Standing: results.Best, AgainstRandom: test, AsBest: &results.Chosen{Metric: "apgr", Lo: 0.4, Hi: 0.6},
		Metrics: results.Metrics{
			APGR: metric(0.5, 0.4, 0.6), Headroom: metric(math.NaN(), math.NaN(), math.NaN()), AUC: metric(0.7, 0.6, 0.8),
			AreaOverRandom: results.Metric{Value: 1e-7, Lo: missing, Hi: missing, Within: &results.Range{Lo: 0, Hi: 1e-6}},
			CPT:            map[string]results.CPT{"100": {Metric: metric(0.9, 0.8, math.Inf(1))}, "33.3": {Metric: metric(0.3, 0.2, 0.4)}, "50": {Metric: metric(0.5, 0.4, 0.6)}},
		},
		Curve:  []results.Point{{Threshold: results.ThresholdAt(math.Inf(1)), StrongFraction: 0, Quality: 0.5}, {Threshold: results.ThresholdAt(12345.678), StrongFraction: 0.5, Quality: 0.75}},
		Band:   []results.Bounds{{StrongFraction: 0.5, Lo: 0.7, Hi: 0.8}},
		Slices: []results.Slice{{Task: "law", Samples: 1234, APGR: metric(0.5, 0.4, 0.6)}},
	}
	cost := &results.PointCost{Cost: metric(0.001, 0.001, 0.002), SavingOverStrong: metric(-0.5, -1, 0), SavingOverRandom: metric(0, 0, 0), CostRatio: metric(1, 1, 1)}
	point := results.Router{Name: "fixed", Point: &results.Point{Threshold: results.ThresholdAt(math.NaN()), StrongFraction: 0.25, Quality: 0.6}, Costs: &results.RouterCosts{Point: cost}}
	return &results.Document{
		Benchmarks: []results.Benchmark{{Name: "mine", Pair: results.Pair{Strong: "big", Weak: "small"}, Samples: 12345, StrongQuality: 0.9, WeakQuality: 0.5, Routers: []results.Router{router, point}}},
		Pools: []results.Pool{{Name: "pool", Axis: results.LatencyAxis, Samples: 3, Models: []results.PoolModel{{Name: "m", Cost: metric(1, 1, 1), Quality: metric(0.5, 0.4, 0.6)}},
			Routers: []results.PoolRouter{{Name: "r", AgainstStatic: test, Points: []results.PoolOperatingPoint{{Lambda: missing, Setting: "cheap", Cost: metric(2, 1, 3)}}}}}},
	}
}

// read returns the rows of a table as programs read them, by column.
func read(t *testing.T, x *table.Table) []map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := x.CSV(&b); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll() // fails for rows of different lengths
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		out = append(out, row)
	}
	if strings.Join(lines[0], ",") != "benchmark,task,router,against,metric,x,value,lo,hi,unit,label" {
		t.Errorf("header %q", lines[0])
	}
	return out
}

// TestTypesAreStable expects numbers, or nothing, in the columns of numbers of every document.
func TestTypesAreStable(t *testing.T) {
	next := int64(4)
	for name, x := range map[string]*table.Table{
		"document":   Document(document()),
		"comparison": Comparison(&results.Comparison{Benchmarks: []results.ComparedBenchmark{{Name: "mine", Metric: "apgr", Pairs: []results.ComparedPair{{A: "a", B: "b", Difference: metric(0.1, 0, 0.2), Verdict: "better", SE: missing, Decisions: &results.PairedDecisions{Rescues: 1234, McNemar: missing, Tasks: []results.TaskFlips{{Task: "law", Rescues: []string{"x"}}}}}}}}, Pools: []results.ComparedPool{{Name: "pool", Pairs: []results.ComparedPoolPair{{A: "a", B: "b"}}}}}),
		"calibration": Calibration(&results.Calibration{Router: "r", Reference: results.Input{Builtin: "mmlu"}, Prompts: 1234567, Thresholds: []results.FractionThreshold{{WantedFraction: 0, Threshold: results.ThresholdAt(math.Inf(1)), NextLo: &next, NextHi: &next, Check: &results.Checked{}}},
			Outcomes:    &results.Outcomes{Points: []results.OperatingPoint{{Guarantee: results.Guarantee{Target: "quality", Value: 0.95}, Measures: []results.Measure{{Name: "next_calls", Calibration: missing, HeldOut: missing, Lo: 1, Hi: 2}}}}},
			Pool:        &results.PoolOutcomes{Models: []results.CalibratedModel{{Name: "m"}}, Points: []results.PoolPolicyMeasure{{Measures: []results.Measure{{Name: "share:m", HeldOut: 0.5}}}}},
			Reliability: &results.Reliability{Bins: []results.ReliabilityBin{{Samples: 3}}}, Drift: &results.Drift{Undecided: true}}),
		"plan":  Plan(&results.Plan{Benchmarks: []results.PlannedBenchmark{{Name: "mine", Correlations: []results.PlannedCorrelation{{Rho: 0.5, Sizes: []results.PlannedSize{{Samples: 10000}}}}, Guarantee: &results.PlannedGuarantee{Rows: []results.PlannedKeep{{Samples: 0}}}}}, Pools: []results.PlannedPool{{Name: "pool"}}}),
		"log":   Log(&results.LogEvaluation{Router: "r", Thresholds: []results.LoggedThreshold{{Quality: metric(1, 0, 2)}}, Curve: []results.LoggedVertex{{}}}),
		"empty": Document(&results.Document{}),
	} {
		for _, row := range read(t, x) {
			for _, column := range []string{"x", "value", "lo", "hi"} {
				v, err := strconv.ParseFloat(row[column], 64)
				if row[column] != "" && (err != nil || math.IsNaN(v) || math.IsInf(v, 0)) {
					t.Errorf("%s: %s is %q in %v", name, column, row[column], row)
				}
			}
			if row["metric"] == "" || row["benchmark"] == "" && name != "log" || row["unit"] == "" && row["label"] == "" || strings.Contains(row["metric"], ":") {
				t.Errorf("%s: %v", name, row)
			}
		}
	}
}

// TestRowsOfDocument compares a few rows in full.
func TestRowsOfDocument(t *testing.T) {
	var b bytes.Buffer
	if err := Document(document()).CSV(&b); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`mine,,,,samples,,12345,,,count,`,
		`mine,,big,,quality,,0.9,,,quality,`,
		`mine,,"a, b",,apgr,,0.5,0.4,0.6,index,`,
		`mine,,"a, b",,headroom,,,,,share,`,
		`mine,,"a, b",,area_over_random,,1e-07,,,quality,`,
		`mine,,"a, b",,area_over_random_within,,,0,1e-06,quality,`,
		"mine,,\"a, b\",,cpt,0.333,0.3,0.2,0.4,share,\nmine,,\"a, b\",,cpt,0.5,0.5,0.4,0.6,share,\nmine,,\"a, b\",,cpt,1,0.9,0.8,,share,",
		`mine,,"a, b",,standing,,,,,,best`,
		`mine,,"a, b",random,p_adjusted,,0.002,,,probability,better`,
		"mine,,\"a, b\",,curve,0,0.5,,,quality,\nmine,,\"a, b\",,curve,0.5,0.75,,,quality,\nmine,,\"a, b\",,curve_threshold,0.5,12345.678,,,score,",
		`mine,,"a, b",,curve_band,0.5,,0.7,0.8,quality,`,
		`mine,law,"a, b",,samples,,1234,,,count,`,
		`mine,,fixed,,strong_fraction,,0.25,,,share,`,
		`mine,,fixed,,cost,,0.001,0.001,0.002,usd,`,
		`pool,,m,,cost,,1,1,1,seconds,`,
		`pool,,r,static mix,p_adjusted,,0.002,,,probability,better`,
		`pool,,r,,point_cost,,2,1,3,seconds,cheap`,
	} {
		if strings.Count("\n"+b.String(), "\n"+line+"\n") != 1 {
			t.Errorf("not once: %s", line)
		}
	}
}
