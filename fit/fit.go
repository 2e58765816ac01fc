// Package fit finds the router for a data set: it divides the samples, trains routers of every kind,
// chooses one by cross-validation, tests it on samples that nothing else saw, and calibrates it on
// others. Call [Run].
package fit

import (
	"context"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/version"
	"github.com/routellm/routellm/results"
)

// Result is a fitted router with everything that was found on the way.
type Result struct {
	Document *results.Fit
	// Model is the content of the router's file; nil if no router is to be written, or if the
	// chosen one needs no file.
	Model []byte
	// Artifact holds the operating point; nil if no router is to be written.
	Artifact *results.Artifact
	// Set holds the scores on the test part, for a report; nil if nothing was tested. Among several
	// models it has nothing but its document.
	Set *harness.ScoreSet
}

// Run fits a router. A data set with too few prompts is an error. That no router is better than
// chance is none: see [results.FitOutcome].
func Run(ctx context.Context, o Options) (*Result, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	reading, done := o.share()
	defer done()
	o.Reading = reading
	f := &fitting{options: o, doc: &results.Fit{
		SchemaVersion: results.SchemaVersion, Tool: results.Tool{Name: results.ToolName, Version: version.String()}, Seed: o.Seed,
		Confidence: results.Value(o.Confidence), Target: o.described(), Candidates: []results.FitCandidate{}, Warnings: []string{},
	}}
	if err := f.read(ctx); err != nil {
		return nil, err
	}
	if err := f.scale(); err != nil {
		return nil, err
	}
	if f.nothing() {
		f.doc.Outcome = results.FitNothing
		return &Result{Document: f.doc}, nil
	}
	f.offerCascades()
	if err := f.choose(ctx); err != nil {
		return nil, err
	}
	return f.finish(ctx)
}
