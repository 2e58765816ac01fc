package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// claim is what a Parquet file of scores says of the router that made them, such as one that
// routellm log or score has written. It is empty for other files.
type claim struct {
	path   string
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

// isData reports whether a column is of a data set that any router could score.
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
	if err == nil || !c.known() {
		return err
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

// describe names a router and its model.
func describe(r results.ArtifactRouter) string {
	out := fmt.Sprintf("the router %q", r.Spec)
	if r.SHA256 != "" {
		out += fmt.Sprintf(" with the model %.12s", r.SHA256)
	}
	return out
}

// source returns the scores in the file. Those of one conversation or of one prompt are dependent.
func (c claim) source(ctx context.Context, f Feedback, o Clustering) (scoreSource, error) {
	digest, err := datasets.Digest(c.path)
	if err != nil {
		return scoreSource{}, err
	}
	out := scoreSource{name: c.path, input: results.Input{Path: c.path, SHA256: digest}}
	if out.clusters, err = c.clusters(ctx, o); err == nil {
		out.stream, err = parquetStream(f, c.path, "score")
	}
	return out, err
}

// clusters returns the cluster of each score; nil if they are independent.
func (c claim) clusters(ctx context.Context, o Clustering) ([]int, error) {
	if o == ClusterNone {
		return nil, nil
	}
	table, err := rows.Open(ctx, c.path, rows.Options{})
	if err != nil {
		return nil, err
	}
	defer table.Close()
	columns := slices.DeleteFunc([]string{"cluster", "sample_id", "prompt_sha256"}, func(name string) bool { return !slices.Contains(table.Columns(), name) })
	cells := map[string][]string{}
	err = table.Scan(ctx, columns, func(r rows.Row) error {
		for i, cell := range r.Cells {
			cells[columns[i]] = append(cells[columns[i]], strings.Clone(cell.Text))
		}
		return nil
	})
	if err != nil || len(columns) == 0 {
		return nil, err
	}
	return o.clustersOf(cells[columns[0]], cells["prompt_sha256"]), nil
}

// mismatchOf returns the first part in which a router differs from the one that is wanted; nil
// if there is none. Where the model has a digest, its file may have another name.
func mismatchOf(got, want results.ArtifactRouter) *mismatch {
	if want.SHA256 != "" {
		got.Spec = want.Spec
	}
	for _, x := range []mismatch{
		{"router", got.Spec, want.Spec}, {"digest", got.SHA256, want.SHA256},
		{"encoder", got.Encoder, want.Encoder}, {"encoder's digest", got.EncoderSHA256, want.EncoderSHA256},
	} {
		if x.got != x.want {
			return &x
		}
	}
	return nil
}

// mismatch is a part in which two routers differ.
type mismatch struct{ what, got, want string }
