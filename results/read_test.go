package results

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadWritten reads a document back, values that do not exist included.
func TestReadWritten(t *testing.T) {
	d := &Document{
		SchemaVersion: SchemaVersion, Tool: Tool{Name: "routellm"}, Samples: &Input{Path: "samples.parquet", SHA256: "ab"},
		Benchmarks: []Benchmark{{Name: "mine", Routers: []Router{{
			Name:    "mf",
			Metrics: Metrics{APGR: Metric{Value: 0.6, Lo: 0.5, Hi: Value(math.NaN())}, CPT: map[string]CPT{"50": {Metric: NewMetric(0.25), Hull: Value(math.NaN()), Crossings: 1}}},
			Curve:   []Point{{ThresholdAt(math.Inf(1)), 0, 0.5}},
		}}}},
	}
	var first, second bytes.Buffer
	if err := d.Write(&first); err != nil {
		t.Fatal(err)
	}
	got, err := Read(first.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := got.Write(&second); err != nil || first.String() != second.String() {
		t.Errorf("%v: other bytes:\n%s\n%s", err, first.String(), second.String())
	}
	if m := got.Benchmarks[0].Routers[0].Metrics.APGR; m.Value != 0.6 || m.Hi.Exists() {
		t.Errorf("APGR %+v", m)
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                     "not a result",
		`[]`:                   "not a result",
		`{"schema_version":1}`: `tool is ""`,
		`{"schema_version":4,"tool":{"name":"routellm"}}`:                                   "schema version 4, expected 1 to 3",
		`{"schema_version":1,"tool":{"name":"routellm"},"benchmarks":[{"gap":{"se":"x"}}]}`: "not a result",
	} {
		if _, err := Read([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
}

// TestReadVersion1 reads a document in which no strong calls have no threshold.
func TestReadVersion1(t *testing.T) {
	const old = `{"schema_version":1,"tool":{"name":"routellm"},"benchmarks":[{"name":"mine","routers":[{"name":"mf",
		"curve":[{"threshold":null,"strong_fraction":0,"quality":0.5},{"threshold":0.3,"strong_fraction":1,"quality":0.9}]},
		{"name":"always strong","scores":"none","point":{"threshold":null,"strong_fraction":1,"quality":0.9}}]}]}`
	d, err := Read([]byte(old))
	if err != nil {
		t.Fatal(err)
	}
	curve := d.Benchmarks[0].Routers[0].Curve
	if p := d.Benchmarks[0].Routers[1].Point; p.Always != Strong {
		t.Errorf("always strong has the threshold %+v", p.Threshold)
	}
	if curve[0].Threshold.Cut() != math.Inf(1) || curve[1].Threshold.Cut() != 0.3 || d.SchemaVersion != SchemaVersion {
		t.Errorf("version %d, curve %+v", d.SchemaVersion, curve)
	}
}

// TestThreshold writes every kind of threshold in its one form.
func TestThreshold(t *testing.T) {
	for want, cut := range map[string]float64{
		`{"threshold":0.25}`:                   0.25,
		`{"threshold":null,"always":"strong"}`: math.Inf(-1),
		`{"threshold":null,"always":"weak"}`:   math.Inf(1),
		`{"threshold":null}`:                   math.NaN(),
	} {
		threshold := ThresholdAt(cut)
		if got, err := json.Marshal(threshold); err != nil || string(got) != want {
			t.Errorf("%v: %s, %v, want %s", cut, got, err, want)
		}
		if got := threshold.Cut(); got != cut && !math.IsNaN(cut) {
			t.Errorf("%v comes back as %v", cut, got)
		}
	}
}

// TestAbsentMetrics reads a router without most of its metrics: they are missing, not 0.
func TestAbsentMetrics(t *testing.T) {
	const text = `{"schema_version":2,"tool":{"name":"routellm"},"benchmarks":[{"name":"mine","routers":[{"name":"mf",
		"metrics":{"auc":{"value":0.5},"cpt":{"50":{"value":0.3}}}}]}]}`
	d, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	m := d.Benchmarks[0].Routers[0].Metrics
	c := m.CPT["50"]
	if m.AUC.Value != 0.5 || c.Value != 0.3 {
		t.Errorf("AUC %v, CPT %v", m.AUC, c)
	}
	for name, v := range map[string]Value{"apgr": m.APGR.Value, "headroom": m.Headroom.Lo, "auc.lo": m.AUC.Lo, "cpt.lo": c.Lo, "hull": c.Hull, "ratio": c.CostRatio.Value} {
		if v.Exists() {
			t.Errorf("%s is %v", name, v)
		}
	}
}

// TestAbsentCosts reads a router's costs without most of their numbers: they are missing, not 0.
func TestAbsentCosts(t *testing.T) {
	const text = `{"schema_version":2,"tool":{"name":"routellm"},"benchmarks":[{"name":"mine","costs":{"strong":{"value":0.5}},
		"routers":[{"name":"mf","costs":{"cpt":{"50":{"cost":{"value":0.3}}}}}]}]}`
	d, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	pair, at := d.Benchmarks[0].Costs, d.Benchmarks[0].Routers[0].Costs.CPT["50"]
	if pair.Strong.Value != 0.5 || at.Cost.Value != 0.3 {
		t.Errorf("costs %+v, %+v", pair, at)
	}
	for name, v := range map[string]Value{"weak": pair.Weak.Value, "strong.lo": pair.Strong.Lo, "cost.hi": at.Cost.Hi, "saving": at.SavingOverRandom.Value, "ratio": at.CostRatio.Lo} {
		if v.Exists() {
			t.Errorf("%s is %v", name, v)
		}
	}
}

// TestReadOlderVersions reads documents that older releases wrote: all metrics are there, and what
// they lack is missing.
func TestReadOlderVersions(t *testing.T) {
	for _, name := range []string{"results_v1.json", "results_v2.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		d, err := Read(data)
		if err != nil {
			t.Fatal(err)
		}
		b := d.Benchmarks[0]
		r := b.Routers[1]
		if d.SchemaVersion != SchemaVersion || len(d.Pools) > 0 || b.Samples != 80 || r.Name != "sc" || !r.Metrics.APGR.Value.Exists() || !r.Metrics.APGR.Lo.Exists() {
			t.Errorf("%s: version %d, %d pools, %d samples, router %q, APGR %v", name, d.SchemaVersion, len(d.Pools), b.Samples, r.Name, r.Metrics.APGR)
		}
		if first := r.Curve[0].Threshold.Cut(); !math.IsInf(first, 1) {
			t.Errorf("%s: the curve begins at the threshold %v", name, first)
		}
	}
}
