package logcmd

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/prices"
	"github.com/routellm/routellm/results"
)

// asked returns a call to the weak model, with a cost unless that is negative.
func asked(purpose decisionlog.Purpose, input, output int, cost float64) decisionlog.Call {
	c := decisionlog.Call{Purpose: purpose, Model: "small", InputTokens: &input, OutputTokens: &output}
	if cost >= 0 {
		c.CostUSD = &cost
	}
	return c
}

// cascaded returns a record of a cascade whose total cost is known.
func cascaded(outcome decisionlog.Outcome, side results.Side, model string, cost float64, calls ...decisionlog.Call) *decisionlog.Record {
	r := answered(side, model, 100, 10)
	r.CostUSD, r.Cascade = &cost, &decisionlog.Cascade{Outcome: outcome, Calls: calls}
	return r
}

func cascadeRecords() []*decisionlog.Record {
	answer, sample := asked(decisionlog.ForAnswer, 100, 10, 0.5), asked(decisionlog.ForSample, 100, 10, 0.25)
	failed := decisionlog.Call{Purpose: decisionlog.ForAnswer, Model: "small", Error: "cut"}
	return []*decisionlog.Record{
		cascaded(decisionlog.Accepted, results.Weak, "small", 0.75, answer, sample),
		cascaded(decisionlog.Rejected, results.Strong, "big", 4.75, answer, sample),
		cascaded(decisionlog.WeakFailed, results.Strong, "big", 4, failed),
	}
}

// TestCascadeSummary sums up cascades: the weak model's row has what its unused answers cost.
func TestCascadeSummary(t *testing.T) {
	for name, c := range map[string]struct {
		table prices.Table
		want  string
		sums  []float64
	}{
		"by the log": {nil, `answered by  requests     share  input tokens  output tokens   USD
------------------------------------------------------------------
strong              2   66.67 %           200             20  8.00
weak                1   33.33 %           400             40  1.50
all                 3  100.00 %           600             60  9.50

a cascade asked the weak model first for 3 requests: 1 accepted, 1 rejected, 1
  weak_failed; 4 calls of it whose answers no client got cost 1.00 USD, which
  its row has too
`, []float64{0.75, 4.75, 4}},
		"by prices": {prices.Table{"big": {Input: 1e4, Output: 0, Cached: 1e4}, "small": {Input: 1e3, Output: 0, Cached: 1e3}}, `answered by  requests     share  input tokens  output tokens   USD
------------------------------------------------------------------
strong              2   66.67 %           200             20  2.00
weak                1   33.33 %           400             40   0.4
all                 3  100.00 %           600             60  2.40

a cascade asked the weak model first for 3 requests: 1 accepted, 1 rejected, 1
  weak_failed; 4 calls of it whose answers no client got cost 0.3 USD, which its
  row has too

always big, with the same tokens: 3.00 USD; routing cost 20.00 % less
`, []float64{0.2, 1.2, 1}},
	} {
		s := newSummary(c.table)
		for i, r := range cascadeRecords() {
			s.add(r)
			if r.CostUSD == nil || math.Abs(*r.CostUSD-c.sums[i]) > 1e-12 {
				t.Errorf("%s: request %d costs %v, want %v", name, i, r.CostUSD, c.sums[i])
			}
		}
		if got, err := s.text(); got != c.want || err != nil {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

// TestCascadeUnknownCosts knows no cost of a request if it does not know that of a call.
func TestCascadeUnknownCosts(t *testing.T) {
	r := cascaded(decisionlog.Rejected, results.Strong, "big", 4, asked(decisionlog.ForAnswer, 1, 1, -1))
	s := newSummary(nil)
	if s.add(r); r.CostUSD != nil {
		t.Errorf("cost %v", *r.CostUSD)
	}
	silent := cascaded(decisionlog.Accepted, results.Weak, "small", 4, decisionlog.Call{Model: "small"}, decisionlog.Call{Model: "small"})
	if s.add(silent); silent.CostUSD != nil {
		t.Errorf("cost %v", *silent.CostUSD)
	}
}

// TestCascadeColumns writes the signals of the weak model's answer.
func TestCascadeColumns(t *testing.T) {
	dir := t.TempDir()
	path, out := filepath.Join(dir, "d.jsonl"), filepath.Join(dir, "t.parquet")
	line := `{"schema_version":2,"time":"2026-01-02T03:04:05Z","id":"a","endpoint":"chat","prompt_sha256":"b","router":"cascade","model":"big","decision":"strong","score":1,"threshold":0,"propensity":1,"status":200,` +
		`"cascade":{"outcome":"rejected","signals":{"logprob_mean":-0.5},"finish":"stop","calls":[{"purpose":"answer","model":"small","cost_usd":0.5,"latency_s":1}],"held_s":1}}`
	if err := os.WriteFile(path, []byte(line+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	c := New(cmdutil.Streams{Out: &text, Err: &text})
	c.SetArgs([]string{path, "--out", out})
	if err := c.Execute(); err != nil {
		t.Fatal(err, text.String())
	}
	raw, err := os.ReadFile(out)
	for _, name := range []string{"cascade", "weak_logprob_mean", "weak_finish", "weak_cost_usd", "held_s"} {
		if err != nil || !strings.Contains(string(raw), name) {
			t.Errorf("no column %s: %v", name, err)
		}
	}
}
