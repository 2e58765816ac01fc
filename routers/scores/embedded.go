package scores

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// Embedded holds scores that a router made beforehand, one file per data set. It replaces
// a router whose runtime is absent.
type Embedded struct {
	sha256, live string
	files        []Router
	training     []string
}

// Embed reads files of scores, by data set. name is the router's name, for messages;
// sha256 is the digest of the model that must have made the scores; live is a hint that
// says how to score other prompts.
func Embed(name, sha256, live string, files map[string][]byte) (*Embedded, error) {
	e := &Embedded{sha256: sha256, live: live}
	if len(files) == 0 {
		return nil, hint.With(fmt.Errorf("router %q has no embedded scores", name), live)
	}
	for _, data := range slices.Sorted(maps.Keys(files)) {
		file, err := datasets.ReadScoreBytes("embedded scores of "+name+" on "+data, files[data])
		if err != nil {
			return nil, err
		}
		if file.Meta.RouterSHA256 != sha256 || file.Meta.Data != data {
			return nil, fmt.Errorf("%q: made by model %.12q on %q, expected model %.12q on %q", file.Path, file.Meta.RouterSHA256, file.Meta.Data, sha256, data)
		}
		e.files = append(e.files, newRouter(file))
	}
	return e, nil
}

// Needs returns the digest, which serves to check the prompts.
func (e *Embedded) Needs() routers.Needs { return routers.Needs{SHA256: true} }

// SHA256 returns the digest of the model that made the scores.
func (e *Embedded) SHA256() string { return e.sha256 }

// Live returns the hint that says how to score prompts without embedded scores.
func (e *Embedded) Live() string { return e.live }

// Scores returns the embedded score of each prompt. A prompt without one is an error.
func (e *Embedded) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	byID := map[string]float64{}
	var have []string
	for _, r := range e.files {
		have = append(have, r.file.Meta.Data)
		for i, v := range r.file.Values {
			byID[r.file.ID(i)] = v
		}
	}
	out := make([]float64, len(prompts))
	for i, p := range prompts {
		score, ok := byID[p.ID]
		if !ok {
			return nil, hint.With(fmt.Errorf("sample %q has no embedded score: there are scores of %s only", p.ID, strings.Join(have, ", ")), e.live)
		}
		out[i] = score
	}
	return out, nil
}

// WithTraining returns the router with the normalised digests of its training prompts.
func (e *Embedded) WithTraining(norms []string) *Embedded {
	out := *e
	out.training = norms
	return &out
}

// TrainingPrompts returns the normalised digests of the training prompts; nil if they are
// not known.
func (e *Embedded) TrainingPrompts() []string { return e.training }

// TrainedOn reports whether the router was trained on the prompt.
func (e *Embedded) TrainedOn(p routers.Prompt) bool {
	return slices.ContainsFunc(e.files, func(r Router) bool { return r.TrainedOn(p) })
}

// Check returns an error if a prompt differs from the one that was scored. A data set
// must be complete, unless none of its prompts are in all.
func (e *Embedded) Check(all iter.Seq[routers.Prompt]) error {
	now := make([][]string, len(e.files)) // the digest of each prompt of each file
	for k, r := range e.files {
		now[k] = make([]string, r.file.Rows())
	}
	for p := range all {
		for k, r := range e.files {
			if row, ok := r.file.Row(p.ID); ok {
				now[k][row] = p.SHA256
			}
		}
	}
	for k, r := range e.files {
		if err := r.checkComplete(now[k]); err != nil {
			return hint.With(err, e.live)
		}
	}
	return nil
}

// checkComplete returns an error unless now, the digest of each of the file's prompts, is what was scored, or
// there are none.
func (r Router) checkComplete(now []string) error {
	missing := slices.Index(now, "")
	switch {
	case !slices.ContainsFunc(now, func(digest string) bool { return digest != "" }):
		return nil
	case missing >= 0:
		return fmt.Errorf("%q: sample %q is missing from the data or has no digest, so the prompts cannot be checked", r.file.Path, r.file.ID(missing))
	}
	return r.file.CheckPrompts(now)
}
