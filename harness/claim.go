package harness

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// claim holds what a Parquet file of scores, such as one that routellm log or score has written,
// says about the router that made them. It is empty for other files.
type claim struct {
	path   string
	scores bool // it is such a file
	router results.ArtifactRouter
}

// claimOf reads the claim of a file.
func claimOf(path string) (claim, error) {
	c := claim{path: path}
	if _, builtin := benchmarks.Data(path); builtin || path == stdinName || isPipe(path) || isPattern(path) {
		return c, nil
	}
	if head, err := headOf(path); err != nil || !beginsParquet(head) {
		return c, nil // what reads the file reports its errors
	}
	columns, err := datasets.Header(path)
	if err != nil || !slices.Contains(columns, "score") || slices.ContainsFunc(columns, isData) {
		return c, nil
	}
	c.scores = true
	meta, err := datasets.ReadScoreMeta(path)
	if err != nil || meta.Router == "" {
		return c, err
	}
	spec := meta.Router
	if s, err := oneSpec(spec); err == nil { // without its label
		spec = s.String()
	}
	c.router = results.ArtifactRouter{Spec: spec, SHA256: meta.RouterSHA256, Encoder: meta.Encoder, EncoderSHA256: meta.EncoderSHA256}
	return c, nil
}

// isData reports whether a column is one of a data set that any router could score.
func isData(column string) bool {
	return column == "prompt" || column == "embedding" || strings.HasPrefix(column, "quality:")
}

// known reports whether the file says whose scores it holds.
func (c claim) known() bool { return c.router.Spec != "" }

// isOf reports whether the file holds scores of a router.
func (c claim) isOf(r Router) (bool, error) {
	if !c.known() {
		return false, nil
	}
	id, err := IdentityOf(r)
	return err == nil && mismatchOf(id, c.router) == nil, err
}

// refuse returns an error for scores of another router.
func (c claim) refuse(r Router) error { return hint.With(errors.New(c.otherThan(r)), sameScores) }

// explain adds whose scores the file has to an error about data without prompts.
func (c claim) explain(err error, r Router) error {
	switch {
	case err == nil || !c.scores:
		return err
	case !c.known(): // logs of earlier releases name no model
		return hint.With(err, fmt.Sprintf("%q does not say which model its scores are of: --router scores:%s takes them as they are, for serve --threshold", c.path, c.path))
	}
	return hint.With(err, c.otherThan(r), sameScores)
}

// otherThan says that the file holds scores of another router than r.
func (c claim) otherThan(r Router) string {
	id, _ := IdentityOf(r) // isOf has reported the error
	return fmt.Sprintf("%q holds scores of %s, not of %s", c.path, describe(c.router), describe(id))
}

// sameScores is the advice for scores that cannot be compared.
const sameScores = "scores of one router mean nothing to another, nor to another model of the same name"
