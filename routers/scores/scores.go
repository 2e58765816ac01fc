// Package scores routes by what a file says: scores, or strong/weak decisions,
// made by any other program.
package scores

import (
	"context"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// Router looks up each prompt's score by its ID or its digest.
type Router struct{ file *datasets.Scores }

// Decisions looks up decisions: 1 strong, 0 weak.
type Decisions struct{ Router }

// Open reads a score file. Errors are those of [datasets.ReadScores].
func Open(path string) (Router, error) {
	file, err := datasets.ReadScores(path)
	return Router{file}, err
}

// OpenDecisions reads a decision file. Errors are those of [datasets.ReadDecisions].
func OpenDecisions(path string) (Decisions, error) {
	file, err := datasets.ReadDecisions(path)
	return Decisions{Router{file}}, err
}

// Fixed marks the one operating point.
func (Decisions) Fixed() {}

// Needs returns the digest where the file is keyed by it.
func (r Router) Needs() routers.Needs { return routers.Needs{SHA256: r.file.ByDigest()} }

// Scores returns the file's score for each prompt; one that has none is an
// error which names the first three.
func (r Router) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	return r.file.Lookup(r.keys(prompts))
}

// Check refuses a file with scores for prompts that are not there.
func (r Router) Check(all []routers.Prompt) error { return r.file.CheckKnown(r.keys(all)) }

func (r Router) keys(prompts []routers.Prompt) []string {
	keys := make([]string, len(prompts))
	for i, p := range prompts {
		if r.file.ByDigest() {
			keys[i] = p.SHA256
		} else {
			keys[i] = p.ID
		}
	}
	return keys
}
