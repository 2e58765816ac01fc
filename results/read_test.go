package results

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

// TestReadWritten reads a document back, values that do not exist included.
func TestReadWritten(t *testing.T) {
	d := &Document{
		SchemaVersion: SchemaVersion, Tool: Tool{Name: "routellm"}, Samples: &Input{Path: "samples.parquet", SHA256: "ab"},
		Benchmarks: []Benchmark{{Name: "mine", Routers: []Router{{
			Name:    "mf",
			Metrics: Metrics{APGR: Metric{0.6, 0.5, Value(math.NaN())}, CPT: map[string]CPT{"50": {Metric: NewMetric(0.25), Hull: Value(math.NaN()), Crossings: 1}}},
			Curve:   []Point{{Value(math.Inf(1)), 0, 0.5}},
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
		`{"schema_version":2,"tool":{"name":"routellm"}}`:                                   "schema version is 2, want 1",
		`{"schema_version":1,"tool":{"name":"routellm"},"benchmarks":[{"gap":{"se":"x"}}]}`: "not a result",
	} {
		if _, err := Read([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
}
