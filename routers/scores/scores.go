// Package scores routes by what a file says: scores, or strong/weak decisions,
// made by any other program.
package scores

import (
	"context"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// Router looks up each prompt's score by its ID or its digest.
type Router struct {
	file     *datasets.Scores
	training map[string]bool // keys of training prompts
}

// Decisions looks up decisions: 1 strong, 0 weak.
type Decisions struct{ Router }

// Open reads a score file. Errors are those of [datasets.ReadScores].
func Open(path string) (Router, error) {
	file, err := datasets.ReadScores(path)
	if err != nil {
		return Router{}, err
	}
	return newRouter(file), nil
}

// OpenDecisions reads a decision file. Errors are those of [datasets.ReadDecisions].
func OpenDecisions(path string) (Decisions, error) {
	file, err := datasets.ReadDecisions(path)
	if err != nil {
		return Decisions{}, err
	}
	return Decisions{newRouter(file)}, nil
}

func newRouter(file *datasets.Scores) Router {
	r := Router{file, map[string]bool{}}
	for i, training := range file.Training {
		if training {
			r.training[file.IDs[i]] = true
		}
	}
	return r
}

// Fixed marks the one operating point.
func (Decisions) Decides() {}

// Needs returns the digest, by which the file is keyed or its prompts are compared.
func (r Router) Needs() routers.Needs { return routers.Needs{SHA256: true} }

// Scores returns the file's score for each prompt; one that has none is an
// error which names the first three.
func (r Router) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	return r.file.Lookup(r.keys(prompts))
}

// TrainedOn reports whether the file says that its router was trained on the prompt.
func (r Router) TrainedOn(p routers.Prompt) bool { return r.training[r.key(p)] }

// Check refuses a file with scores for prompts that are not there, or are not what
// they were.
func (r Router) Check(all []routers.Prompt) error {
	if err := r.file.CheckKnown(r.keys(all)); err != nil {
		return err
	}
	return r.file.CheckPrompts(digests(all))
}

// digests returns a function from a prompt's ID to its digest.
func digests(prompts []routers.Prompt) func(id string) string {
	byID := make(map[string]string, len(prompts))
	for _, p := range prompts {
		byID[p.ID] = p.SHA256
	}
	return func(id string) string { return byID[id] }
}

func (r Router) key(p routers.Prompt) string {
	if r.file.ByDigest() {
		return p.SHA256
	}
	return p.ID
}

func (r Router) keys(prompts []routers.Prompt) []string {
	keys := make([]string, len(prompts))
	for i, p := range prompts {
		keys[i] = r.key(p)
	}
	return keys
}
