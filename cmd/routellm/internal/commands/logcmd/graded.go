package logcmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// graded holds what graded answers say of prompts: the replies that clients kept, graded afterwards.
type graded struct {
	path    string
	quality map[string]map[string]*meanQuality // means by model, then by the digest of the prompt
	only    map[string]*meanQuality            // those of the one model of the file; nil if it has several
	used    int                                // requests that took their quality from the file
}

// meanQuality sums up the qualities of a prompt's answers.
type meanQuality struct{ sum, n float64 }

// readGraded reads a file of graded answers.
func readGraded(ctx context.Context, path string) (*graded, error) {
	f, err := answers.Read(ctx, path)
	if err != nil {
		return nil, err
	}
	if f.Prompt == nil {
		return nil, fmt.Errorf("%q: has no prompts, by which answers are found in the logs", path)
	}
	labels, ok := f.LabelsOf(answers.Quality)
	if !ok {
		return nil, hint.With(fmt.Errorf("%q: has no columns quality:MODEL", path), "routellm grade and routellm judge write them")
	}
	g := &graded{path: path, quality: map[string]map[string]*meanQuality{}}
	for m, values := range labels.Values {
		of := byDigest(f.Prompt, values)
		g.quality[f.Models[m].Name] = of
		if g.only = of; len(f.Models) > 1 {
			g.only = nil
		}
	}
	return g, nil
}

// byDigest sums up qualities by prompt. Unknown ones are left out.
func byDigest(prompts []string, quality []float64) map[string]*meanQuality {
	out := map[string]*meanQuality{}
	for i, q := range quality {
		if math.IsNaN(q) {
			continue
		}
		digest := sha256.Sum256([]byte(prompts[i]))
		key := hex.EncodeToString(digest[:])
		if out[key] == nil {
			out[key] = &meanQuality{}
		}
		out[key].sum += q
		out[key].n++
	}
	return out
}

// of returns the mean quality of the answers to a prompt that a model answered, NaN if the file has
// none. A file of one model holds the replies of whichever model answered.
func (g *graded) of(model, digest string) float64 {
	found := g.only
	if found == nil {
		found = g.quality[model]
	}
	x := found[digest]
	if x == nil {
		return math.NaN()
	}
	g.used++
	return x.sum / x.n
}

// check returns an error if no request took its quality from the file.
func (g *graded) check() error {
	if g == nil || g.used > 0 {
		return nil
	}
	return hint.With(fmt.Errorf("--graded %q: none of its answers belongs to a request of the logs: expected the same prompts", g.path), g.advice())
}

func (g *graded) advice() string {
	if g.only == nil {
		return "a file of several models needs a column quality:MODEL for each model that answered, under its name in the logs"
	}
	return "prompts are found by the digest of the text that was routed"
}

// notes says how many requests took their quality from the file.
func (g *graded) notes() []string {
	if g == nil {
		return nil
	}
	return []string{fmt.Sprintf("%s %s the quality from %q", text.Plural(g.used, "request"), text.Agree(g.used, "takes", "take"), g.path)}
}
