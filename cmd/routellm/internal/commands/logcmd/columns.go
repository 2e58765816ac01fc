package logcmd

import (
	"cmp"
	"math"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/datasets"
)

// columns collects columns of rows.
type columns struct {
	rows   []row
	models []string // those of decisions among several models; nil between two
	out    []datasets.AnyColumn
}

// columnsOf returns the columns of the table in the order of the file. docs/serve-log.md lists
// them.
func columnsOf(rows []row, by string, models []string, cascaded bool) []datasets.AnyColumn {
	c := columns{rows: rows, models: models}
	if by == "request" {
		c.text("sample_id", func(r row) string { return r.ID })
		c.text("cluster", func(r row) string { return cmp.Or(r.Conversation, r.ID) })
	}
	c.decision()
	c.request()
	c.answer()
	if cascaded {
		c.weakAnswer()
	}
	c.number("quality", func(r row) float64 { return r.quality })
	c.text("thumb", func(r row) string { return string(r.thumb) })
	return c.out
}

// decision adds what was decided, and why.
func (c *columns) decision() {
	c.text("prompt_sha256", func(r row) string { return r.PromptSHA256 })
	c.text("router", func(r row) string { return r.Router })
	if c.models == nil {
		c.number("score", func(r row) float64 { return float64(r.Score) })
		c.number("unlike", unlike)
	}
	c.text("decision", func(r row) string {
		if r.PoolDecision != nil {
			return r.Model
		}
		return string(r.Side)
	})
	c.text("reason", func(r row) string { return string(r.Reason) })
	c.number("propensity", func(r row) float64 { return r.Propensity })
	c.out = append(c.out, datasets.AnyColumn{Name: "explored", Bools: each(c.rows, func(r row) bool { return r.Explored })})
	if c.models != nil {
		c.predictions()
		return
	}
	c.number("threshold", func(r row) float64 { return float64(r.Threshold.Score) })
	c.text("always", func(r row) string { return string(r.Always) })
}

// unlike returns 1 for a prompt that is unlike all that the router was trained on, 0 for another
// one, and NaN if that is not known.
func unlike(r row) float64 {
	if r.Unlike == nil {
		return math.NaN()
	}
	return number01(*r.Unlike)
}

// predictions adds what the router predicted of each of several models.
func (c *columns) predictions() {
	c.number("lambda", func(r row) float64 { return float64(r.Lambda) })
	for _, m := range c.models {
		c.number("score:"+m, func(r row) float64 { return float64(r.Of(m).Quality) })
		c.number("cost:"+m, func(r row) float64 { return float64(r.Of(m).Cost) })
	}
}

// request adds who asked what, and when.
func (c *columns) request() {
	c.text("client", func(r row) string { return r.Client })
	c.text("conversation", func(r row) string { return r.Conversation })
	c.text("endpoint", func(r row) string { return r.Endpoint })
	c.number("feature:chars", func(r row) float64 { return float64(r.Chars) })
	c.number("time", func(r row) float64 { return float64(r.Time.UnixMicro()) / 1e6 })
}

// answer adds what became of the request.
func (c *columns) answer() {
	c.text("answered", func(r row) string { return string(r.Answered) })
	c.text("model", func(r row) string { return r.AnsweredModel })
	c.number("status", func(r row) float64 { return float64(r.Status) })
	c.text("error", func(r row) string { return r.Error })
	c.number("latency_s", func(r row) float64 { return r.LatencyS })
	c.number("first_byte_s", func(r row) float64 { return unlessZero(r.FirstByteS) })
	c.number("input_tokens", func(r row) float64 { return orNaN(r.InputTokens) })
	c.number("output_tokens", func(r row) float64 { return orNaN(r.OutputTokens) })
	c.number("cached_tokens", func(r row) float64 { return unlessZero(float64(r.CachedTokens)) })
	c.number("cost_usd", func(r row) float64 { return orNaN(r.CostUSD) })
}

// weakAnswer adds what a cascade knew of the weak model's answer, and what asking for it cost and took.
func (c *columns) weakAnswer() {
	of := func(r row) decisionlog.Cascade {
		if r.Cascade == nil {
			return decisionlog.Cascade{}
		}
		return *r.Cascade
	}
	c.text("cascade", func(r row) string { return string(of(r).Outcome) })
	c.text("weak_finish", func(r row) string { return of(r).Finish })
	for _, name := range []string{"output_tokens", "logprob_mean", "logprob_min", "first_entropy", "agreement", "p_true"} {
		c.number("weak_"+name, func(r row) float64 {
			if v, ok := of(r).Signals[name]; ok {
				return v
			}
			return math.NaN()
		})
	}
	c.number("weak_calls", func(r row) float64 { return float64(len(of(r).Calls)) })
	c.number("weak_cost_usd", func(r row) float64 { return weakCost(of(r)) })
	c.number("held_s", func(r row) float64 { return unlessZero(of(r).HeldS) })
}

// weakCost returns what all calls to the weak model cost, NaN if that is not known.
func weakCost(of decisionlog.Cascade) float64 {
	sum := 0.0
	for _, call := range of.Calls {
		if call.CostUSD == nil && call.Error == "" {
			return math.NaN()
		}
		if call.CostUSD != nil {
			sum += *call.CostUSD
		}
	}
	return sum
}

func (c *columns) text(name string, of func(row) string) {
	c.out = append(c.out, datasets.AnyColumn{Name: name, Strings: each(c.rows, of)})
}

func (c *columns) number(name string, of func(row) float64) {
	c.out = append(c.out, datasets.AnyColumn{Name: name, Floats: each(c.rows, of)})
}

// each returns a column: one value per row.
func each[T any](rows []row, of func(row) T) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = of(r)
	}
	return out
}

// unlessZero returns a number that the log omits where it is not known.
func unlessZero(x float64) float64 {
	if x == 0 {
		return math.NaN()
	}
	return x
}

// orNaN returns the number that x points to, NaN if x is nil.
func orNaN[T int | float64](x *T) float64 {
	if x == nil {
		return math.NaN()
	}
	return float64(*x)
}
