package harness

import (
	"context"
	"errors"
	"fmt"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/eval/logged"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
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
	// Method names the estimator of the qualities in tables.
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
	l.units = countDecisions(units, d)
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
	var quality num.Mean
	for _, u := range units {
		quality.Add(u.quality.Value())
	}
	advice := []string{"serve with explore: 0.05 sends 5 % of the requests to a random side, and logs with which probability"}
	if quality.N > 0 {
		advice = append(advice, fmt.Sprintf("what the log does tell: the mean quality of the decisions as they were made is %.4g, over %d of them with a quality", quality.Value(), quality.N))
	}
	return inconclusiveLog{hint.With(fmt.Errorf("%q: all %s have the propensity 1: the log has no answer of the side that was not asked, so it tells nothing about other thresholds",
		path, text.Plural(len(units), "decision")), advice...)}
}
