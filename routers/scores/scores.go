// Package scores routes by a file of scores, or of strong/weak decisions, that any other
// program made. [Open] reads scores, [OpenDecisions] decisions; [Embed] reads scores held
// in memory.
package scores

import (
	"context"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// Router looks up each prompt's score by its ID or digest.
type Router struct {
	file     *datasets.Scores
	training map[string]bool // keys of the training prompts
}

// Decisions looks up each prompt's decision: 1 for strong, 0 for weak.
type Decisions struct{ Router }

// Open reads a score file; see [datasets.ReadScores] for errors.
func Open(path string) (Router, error) {
	file, err := datasets.ReadScores(path)
	if err != nil {
		return Router{}, err
	}
	return newRouter(file), nil
}

// OpenDecisions reads a decision file; see [datasets.ReadDecisions] for errors. If the file names
// models, only the router of [Decisions.ForPair] has scores.
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

// ForPair returns the router's decisions between the models of a pair, which the file may name:
// see [datasets.Scores.ForPair].
func (d Decisions) ForPair(strong, weak string) (routers.Router, error) {
	file, err := d.file.ForPair(strong, weak)
	if err != nil {
		return nil, err
	}
	d.file = file
	return d, nil
}

// Decides marks a router with one operating point, see [routers.Decider].
func (Decisions) Decides() {}

// Needs returns the digest: files are keyed by it, or prompts checked with it.
func (r Router) Needs() routers.Needs { return routers.Needs{SHA256: true} }

// Scores returns the file's score for each prompt. If prompts have none, the error names
// the first three.
func (r Router) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	return r.file.Lookup(r.keys(prompts))
}

// TrainedOn reports whether the file lists the prompt as a training prompt of its router.
func (r Router) TrainedOn(p routers.Prompt) bool { return r.training[r.key(p)] }

// Check returns an error if the file has scores for prompts that are not in all or whose
// text has changed.
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
