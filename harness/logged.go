package harness

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/logged"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// LoggedOptions says how logged decisions are evaluated.
type LoggedOptions struct {
	Feedback
	// Columns names columns of the log that have other names than [LogColumns].
	Columns map[string]string
	// Rows says how the table is read.
	Rows rows.Options
	// Pair names the models by which a log calls the sides; the zero value stands for "strong"
	// and "weak".
	Pair results.Pair
	// Thresholds and Fractions say which thresholds to evaluate: given ones, and those for shares
	// of strong calls, in [0,1]. Always strong, always weak, and the thresholds that were in force
	// are evaluated in any case.
	Thresholds, Fractions []float64
	// Method is how the qualities in tables are estimated.
	Method logged.Method
	// Intervals says how intervals are made. They need [Bootstrap].
	Intervals Intervals
}

// ErrInconclusive says that the data allow no verdict.
var ErrInconclusive = errors.New("inconclusive")

// inconclusiveLog is an error about a log from which nothing can be estimated.
type inconclusiveLog struct{ error }

// Unwrap returns the error, whose hints are printed.
func (e inconclusiveLog) Unwrap() error { return e.error }

// Is reports whether the error is [ErrInconclusive].
func (inconclusiveLog) Is(target error) bool { return target == ErrInconclusive }

// EvaluateLog estimates from a log of decisions, as routellm log writes it, what thresholds would
// have done. It returns [ErrInconclusive] if the log allows no estimate, such as one of a server
// that did not explore.
func EvaluateLog(ctx context.Context, path string, o LoggedOptions) (*results.LogEvaluation, error) {
	if err := o.Intervals.Check(); err != nil {
		return nil, err
	}
	t, err := readLog(ctx, path, o)
	if err != nil {
		return nil, err
	}
	l := loggedRun{options: o, doc: &results.LogEvaluation{
		SchemaVersion: results.SchemaVersion, Tool: tool(), Seed: o.Intervals.Seed,
		Input: t.input, Method: o.Method.String(), Intervals: o.Intervals.Document(), Warnings: []string{},
	}}
	if l.doc.Router, err = routerOf(path, t.rows); err != nil {
		return nil, err
	}
	if t.thumbs {
		o.note("no request has a quality: a thumb up counts as 1, a thumb down as 0")
	}
	if err := l.decisions(path, t.rows); err != nil {
		return nil, err
	}
	if err := l.evaluate(ctx); err != nil {
		return nil, err
	}
	l.warn()
	return l.doc, nil
}

// routerOf returns the router of all rows. The scores of two routers are not comparable.
func routerOf(path string, all []loggedRow) (string, error) {
	name := ""
	for _, r := range all {
		if name == "" {
			name = r.router
		}
		if r.router != name {
			return "", hint.With(fmt.Errorf("%q has decisions of the routers %q and %q, whose scores are not comparable", path, name, r.router),
				"routellm log --router NAME takes the decisions of one of them")
		}
	}
	return name, nil
}

// loggedRun is an evaluation at work.
type loggedRun struct {
	options LoggedOptions
	doc     *results.LogEvaluation
	units   []*unit // the estimated decisions

	quality *logged.Estimator // estimator of the quality, from the rated decisions
	cost    *logged.Estimator // estimator of the cost, from those with one; nil without costs
	rate    *logged.Estimator // estimator of the share that is rated, from all
	cuts    []float64         // the thresholds of the document
}

// decisions groups the rows and counts the decisions.
func (l *loggedRun) decisions(path string, all []loggedRow) error {
	units, begun := unitsOf(all)
	d := &l.doc.Decisions
	d.Requests, d.Begun = len(all), begun
	l.units = count(units, d)
	if len(all) == 0 {
		return inconclusiveLog{fmt.Errorf("%q has no rows", path)}
	}
	if d.Estimated == 0 {
		return l.noExploration(path, units)
	}
	if d.Rated == 0 {
		return inconclusiveLog{hint.With(fmt.Errorf("%q: none of %s has a quality", path, text.Plural(d.Estimated, "decision")),
			"what the answers are worth comes from people or a judge: POST /v1/feedback takes it, and routellm log adds it")}
	}
	return nil
}

// noExploration returns the error about a log in which every decision was certain.
func (l *loggedRun) noExploration(path string, units []*unit) error {
	var quality mean
	for _, u := range units {
		quality.add(u.quality.value())
	}
	advice := []string{"serve with explore: 0.05 sends 5 % of the requests to a random side, and logs with which probability"}
	if quality.n > 0 {
		advice = append(advice, fmt.Sprintf("what the log does tell: the mean quality of the decisions as they were made is %.4g, over %d of them with a quality", quality.value(), quality.n))
	}
	return inconclusiveLog{hint.With(fmt.Errorf("%q: all %s have the propensity 1: the log has no answer of the side that was not asked, so it tells nothing about other thresholds",
		path, text.Plural(len(units), "decision")), advice...)}
}

// evaluate fills the document's numbers.
func (l *loggedRun) evaluate(ctx context.Context) error {
	var err error
	if l.rate, err = logged.New(logOf(l.units, rated)); err != nil {
		return err
	}
	if l.quality, err = logged.New(logOf(l.units, func(u *unit) float64 { return u.quality.value() })); err != nil {
		return err
	}
	if costs := logOf(l.units, func(u *unit) float64 { return u.cost.value() }); len(costs.Scores) > 0 {
		if l.cost, err = logged.New(costs); err != nil {
			return err
		}
	}
	l.choose()
	l.curve()
	return l.intervals(ctx)
}

// choose sets the thresholds of the document: by falling threshold, each once.
func (l *loggedRun) choose() {
	inForce := map[float64]bool{}
	calls := 0
	for _, u := range l.units {
		if cut := u.first.threshold.Cut(); !math.IsNaN(cut) {
			inForce[cut] = true
		}
		if u.first.strong {
			calls++
		}
	}
	l.doc.Logged.StrongFraction = results.Value(float64(calls) / float64(len(l.units)))
	l.doc.Logged.Thresholds = []results.Threshold{}
	for cut := range inForce {
		l.cuts = append(l.cuts, cut)
	}
	slices.Sort(l.cuts)
	for _, cut := range l.cuts {
		l.doc.Logged.Thresholds = append(l.doc.Logged.Thresholds, results.ThresholdAt(cut))
	}
	if len(l.cuts) > mostInForce {
		l.cuts = nil
	}
	l.cuts = append(l.cuts, math.Inf(-1), math.Inf(1))
	l.cuts = append(l.cuts, l.options.Thresholds...)
	for _, f := range l.options.Fractions {
		l.cuts = append(l.cuts, l.rate.Quantile(f))
	}
	slices.Sort(l.cuts)
	l.cuts = slices.Compact(l.cuts)
	for _, cut := range l.cuts {
		l.doc.Thresholds = append(l.doc.Thresholds, results.LoggedThreshold{Threshold: results.ThresholdAt(cut), InForce: inForce[cut]})
	}
}

// mostInForce is the largest number of logged thresholds that are evaluated by themselves. Clients
// can ask for any.
const mostInForce = 5

// curve adds the curve of all thresholds.
func (l *loggedRun) curve() {
	all := l.quality.Curve()
	keep := min(len(all), results.MaxVertices)
	for i := range keep {
		v := all[0]
		if keep > 1 {
			v = all[i*(len(all)-1)/(keep-1)]
		}
		l.doc.Curve = append(l.doc.Curve, results.LoggedVertex{
			Threshold: results.ThresholdAt(v.Threshold), StrongFraction: results.Value(v.StrongFraction),
			Quality: results.Value(v.Estimates[l.options.Method]), Effective: results.Value(v.Effective),
		})
	}
}

// bootstrap returns the bootstrap of an estimator.
func (l *loggedRun) bootstrap(ctx context.Context) eval.Bootstrap {
	return l.options.Intervals.bootstrap(ctx, l.options.Feedback)
}
