package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/results"
)

// cascadeLog returns the decision log of a cascade that draws the side of a fifth of its requests. Each
// asks the weak model for 0.01 USD, and those on the strong side also the strong one for 1 USD.
func cascadeLog(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	random, begin := rand.New(rand.NewPCG(3, 4)), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i := range 300 {
		score, explored := random.Float64(), random.Float64() < 0.2
		strong, propensity := score >= 0.5, 0.9
		if explored && random.IntN(2) == 0 {
			strong, propensity = !strong, 0.1
		}
		side, outcome, cost := "weak", "accepted", 0.01
		if strong {
			side, outcome, cost = "strong", "rejected", 1.01
		}
		name := fmt.Sprintf("%032x", i+1)
		raw, err := json.Marshal(map[string]any{
			"schema_version": 2, "time": begin.Add(time.Duration(i) * time.Minute), "id": name, "endpoint": "chat", "prompt_sha256": datasets.SHA256Hex(name), "chars": 60,
			"router": "cascade", "router_spec": "cascade:c.safetensors", "router_sha256": "ab", "score": score, "threshold": 0.5, "decision": side, "model": side, "reason": "score",
			"explored": explored, "propensity": propensity, "answered": side, "answered_model": side, "status": 200, "input_tokens": 1, "output_tokens": 1, "cost_usd": cost,
			"cascade": map[string]any{"outcome": outcome, "signals": map[string]any{"logprob_mean": -score}, "held_s": 0.1,
				"calls": []any{map[string]any{"purpose": "answer", "model": "weak", "input_tokens": 1, "output_tokens": 1, "cost_usd": 0.01, "latency_s": 0.1}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n{\"schema_version\":2,\"feedback\":{\"time\":\"2026-02-02T03:04:05Z\",\"id\":%q,\"quality\":%d}}\n", raw, name, random.IntN(2))
	}
	return b.String()
}

// TestEvalLogOfCascade estimates what thresholds of a cascade cost: the weak model always, and the
// strong one where the threshold rejects.
func TestEvalLogOfCascade(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("decisions.jsonl", []byte(cascadeLog(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := Main([]string{"log", "decisions.jsonl", "--out", "traffic.parquet"}, &out, &errs); code != 0 || !strings.Contains(out.String(), "a cascade asked the weak model first for 300 requests") {
		t.Fatalf("exit code %d: %s%s", code, out.String(), errs.String())
	}
	out.Reset()
	if code := Main([]string{"eval", "--log", "traffic.parquet", "--at", "10%,50%", "--format", "json"}, &out, &errs); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	d, err := results.ReadLogEvaluation(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range d.Thresholds {
		truth := 0.01 + float64(x.StrongFraction)
		if !(float64(x.Cost.Lo)-1e-9 <= truth && truth <= float64(x.Cost.Hi)+1e-9) {
			t.Errorf("threshold %v with %.3f rejected: cost %+v, want about %.3f", x.Threshold, float64(x.StrongFraction), x.Cost, truth)
		}
	}
	if len(d.Thresholds) < 4 || d.Router != "cascade" {
		t.Errorf("%d thresholds of %q", len(d.Thresholds), d.Router)
	}
}
