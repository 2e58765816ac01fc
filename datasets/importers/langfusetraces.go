package importers

import (
	"slices"
	"strings"
)

// fuse joins observations with their scores, by trace.
type fuse struct {
	in     *input
	scores fuseScores
	traces map[string]*fuseTrace
}

// fuseTrace holds what is known of one trace: its calls of models, and what other observations of it
// say.
type fuseTrace struct {
	item  string // item of the experiment
	calls []call
	marks []float64 // scores of the trace and of observations that are no calls
}

var fuseColumns = slices.Concat([]string{
	"id", "type", "level", "input", "usage_details", "usageDetails", "cost_details", "costDetails", "total_cost", "totalCost", "calculatedTotalCost",
	"latency", "start_time", "startTime", "end_time", "endTime", "experiment_item_id", "experimentItemId",
	"updated_at", "updatedAt", "promptTokens", "completionTokens", "inputUsage", "outputUsage", "usage",
}, lfTrace, lfModel)

// begin notes the traces that matter: those with a score, and those of an experiment. The others,
// which may be most of a log, are never held in memory.
func (l *fuse) begin() error {
	for id := range l.scores.traces {
		l.traces[id] = &fuseTrace{marks: l.scores.traces[id]}
	}
	for _, s := range l.scores.observations {
		if l.traces[s.trace] == nil {
			l.traces[s.trace] = &fuseTrace{}
		}
	}
	want := append([]string{"id", "experiment_item_id", "experimentItemId"}, lfTrace...)
	for _, f := range l.in.of("observations") {
		err := l.in.scan(f, want, func(r tableRow) error {
			item, id := r.text("experiment_item_id", "experimentItemId"), fuseTraceID(r)
			if item == "" {
				return nil
			}
			if l.traces[id] == nil {
				l.traces[id] = &fuseTrace{}
			}
			l.traces[id].item = max(item, l.traces[id].item)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fuseTraceID returns the trace of an observation.
func fuseTraceID(r tableRow) string {
	if id := r.text(lfTrace...); id != "" {
		return id
	}
	return r.text("id")
}

// row keeps what an observation says, if its trace matters.
func (l *fuse) row(r tableRow) error {
	kind := strings.ToUpper(r.text("type"))
	isCall := kind == "GENERATION" && r.text(lfModel...) != ""
	t := l.traces[fuseTraceID(r)]
	own := l.scores.observations[r.text("id")]
	switch {
	case kind == "EMBEDDING":
		l.in.leave(1, "embedding")
	case t == nil && isCall:
		l.in.leave(1, "ungraded generation")
	case t == nil:
	case isCall:
		return l.call(r, t, own.values)
	default:
		t.marks = append(t.marks, own.values...)
	}
	return nil
}

// call keeps a generation.
func (l *fuse) call(r tableRow, t *fuseTrace, values []float64) (err error) {
	c := call{Graded: r.graded(), id: r.text("id"), start: r.text("start_time", "startTime"), end: r.text("end_time", "endTime"), updated: r.text("updated_at", "updatedAt"), graded: len(values) > 0}
	c.Model, c.Quality = r.text(lfModel...), meanOf(values)
	if strings.EqualFold(r.text("level"), "ERROR") && !c.graded {
		c.Failed = "error"
	}
	if r.has("input") {
		if c.Prompt, err = r.prompt(l.in.Text, "input"); err != nil {
			return l.in.skip(err)
		}
	}
	usage, costs := r.json("usage_details", "usageDetails", "usage"), r.json("cost_details", "costDetails")
	c.InputTokens, c.OutputTokens, c.CostUSD = numberIn(usage, "input"), numberIn(usage, "output"), numberIn(costs, "total")
	var outer call // the same, outside of the details
	err = r.fill(of(&outer.CostUSD, "total_cost", "totalCost", "calculatedTotalCost"), of(&outer.InputTokens, "promptTokens", "inputUsage"),
		of(&outer.OutputTokens, "completionTokens", "outputUsage"), of(&c.LatencyS, "latency"))
	if err != nil {
		return l.in.skip(err)
	}
	c.CostUSD, c.InputTokens, c.OutputTokens = known(c.CostUSD, outer.CostUSD), known(c.InputTokens, outer.InputTokens), known(c.OutputTokens, outer.OutputTokens)
	if c.LatencyS != c.LatencyS {
		c.LatencyS = seconds(c.start, c.end)
	}
	t.calls = append(t.calls, c)
	return nil
}

// answers hands over the answers of a trace: its calls with scores of their own, or else the
// trace's score for the calls of its one model together.
func (l *fuse) answers(t *fuseTrace, out *Output) error {
	calls := inOrder(t.calls)
	own := slices.DeleteFunc(slices.Clone(calls), func(c call) bool { return !c.graded })
	if len(own) == 0 && len(calls) > 0 {
		if !oneModel(calls) {
			l.in.leave(1, "several-model trace")
			return nil
		}
		whole := together(calls)
		whole.Quality = meanOf(t.marks)
		own = []call{whole}
	}
	for _, c := range own {
		g := c.Graded
		if g.Prompt == "" {
			l.in.leave(1, "empty prompt")
			continue
		}
		if g.ID = t.item; g.ID == "" {
			g.ID = promptID(g.Prompt)
		}
		if err := out.Answers.Add(g); err != nil {
			return err
		}
	}
	return nil
}
