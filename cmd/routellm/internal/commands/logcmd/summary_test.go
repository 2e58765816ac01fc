package logcmd

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/prices"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/results"
)

// answered returns the record of a request that a side has answered; input is -1 if the tokens are
// not known.
func answered(side results.Side, model string, input, output int) *decisionlog.Record {
	r := &decisionlog.Record{Answered: side, AnsweredModel: model}
	if input >= 0 {
		r.InputTokens, r.OutputTokens = &input, &output
	}
	return r
}

func TestSummary(t *testing.T) {
	s := newSummary(prices.Table{"big": {Input: 2, Output: 10, Cached: 2}, "small": {Input: 1, Output: 1, Cached: 1}})
	cost := 1.0
	for _, r := range []*decisionlog.Record{
		answered(results.Strong, "big", 1e6, 1e5), answered(results.Weak, "small", 1e6, 1e6), answered(results.Weak, "small", -1, 0), answered("", "", -1, 0),
	} {
		r.CostUSD = &cost // of the log: the prices come first
		s.add(r)
	}
	got, err := s.text()
	if want := `answered by  requests     share  input tokens  output tokens   USD
------------------------------------------------------------------
strong              1   25.00 %     1,000,000        100,000  3.00
weak                2   50.00 %     1,000,000      1,000,000  2.00
neither             1   25.00 %             ?              ?     ?
all                 4  100.00 %     2,000,000      1,100,000  5.00

the tokens of 2 of 4 requests are not known: sums are without them

always big, with the same tokens: 15.00 USD; routing cost 66.67 % less
`; got != want || err != nil {
		t.Errorf("%v\n%s", err, got)
	}
}

// TestSummaryWithoutPrices has costs from the log alone, which do not say what another model would
// have cost.
func TestSummaryWithoutPrices(t *testing.T) {
	s, cost := newSummary(nil), 0.01234567
	r := answered(results.Weak, "small", 10, 10)
	r.CostUSD = &cost
	s.add(r)
	got, err := s.text()
	if want := `answered by  requests     share  input tokens  output tokens      USD
---------------------------------------------------------------------
weak                1  100.00 %            10             10  0.01235
all                 1  100.00 %            10             10  0.01235
`; got != want || err != nil {
		t.Errorf("%v\n%s", err, got)
	}
}

// TestSummaryLacksPrices names the models that a file of prices lacks.
func TestSummaryLacksPrices(t *testing.T) {
	s := newSummary(prices.Table{"big": {Input: 2, Output: 10}})
	for _, r := range []*decisionlog.Record{answered(results.Strong, "big", 1, 1), answered(results.Weak, "tiny", 1, 1), answered(results.Weak, "small", 1, 1), answered(results.Weak, "none", -1, 0)} {
		s.add(r)
	}
	want := `the prices lack "small", "tiny": costs of these models are those in the log, if it has any`
	if got := s.notes(); len(got) != 1 || got[0] != want {
		t.Errorf("notes %q, expected %q", got, want)
	}
}

// TestSummaryUnlike says which share of the prompts is unlike those that each router was trained on.
func TestSummaryUnlike(t *testing.T) {
	s, yes, no := newSummary(nil), true, false
	for _, r := range []struct {
		router string
		unlike *bool
	}{{"mf", &yes}, {"mf", &no}, {"mf", &no}, {"length", nil}, {"knn", &no}} {
		record := answered(results.Weak, "small", 10, 10)
		record.Router, record.Unlike = r.router, r.unlike
		s.add(record)
	}
	got, err := s.text()
	if err != nil || !strings.HasSuffix(got, "\n0 of 1 request (0.00 %) have a prompt that is unlike anything that knn was\n  trained on\n\n1 of 3 requests (33.33 %) has a prompt that is unlike anything that mf was\n  trained on\n") || strings.Contains(got, "that length") {
		t.Errorf("%v\n%s", err, got)
	}
	columns := columnsOf([]row{{Record: decisionlog.Record{Decision: results.Decision{Unlike: &yes}}}, {Record: decisionlog.Record{Decision: results.Decision{Unlike: &no}}}, {}}, "request", nil, false)
	i := slices.IndexFunc(columns, func(c datasets.AnyColumn) bool { return c.Name == "unlike" })
	if x := columns[i].Floats; x[0] != 1 || x[1] != 0 || !math.IsNaN(x[2]) {
		t.Errorf("column unlike: %v", x)
	}
}
