package harness

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/familiar"
)

// standard is the router whose training prompts are compared with the data where the user names
// no router.
const standard = "mf"

// openStandard opens the standard router if there is no other.
func (a *auditor) openStandard() (err error) {
	if len(a.options.Routers) == 0 {
		a.standard, err = OpenOne(standard, RouterOptions{})
	}
	return fault.Wrap(err)
}

// compares reports whether a file's prompts are compared with those of the standard router. Of many
// rows they are not, because their vectors take time and memory.
func (a *auditor) compares(f *datasets.File) bool {
	return a.standard.Router != nil && f.Rows() <= manyRows
}

// compareStandard compares the prompts with those that the standard router was trained on.
func (a *auditor) compareStandard(ctx context.Context, name string, f *datasets.File, in *audit.Input, out *results.AuditedFile) error {
	if a.standard.Router == nil {
		return nil
	}
	kind, _ := kindOf(a.standard.Router)
	why := ""
	switch {
	case !a.compares(f):
		why = "the file has many rows (--router " + standard + " compares them)"
	case !in.Table.HasPrompt && !(f.HasColumn("embedding") && kind.fits(f.Meta().Encoder, f.Meta().EncoderSHA256) && f.HasColumn("feature:chars")):
		why = "the file has neither prompts nor their vectors and counts"
	}
	if why != "" {
		out.NotChecked = append(out.NotChecked, fmt.Sprintf("prompts unlike those that %s was trained on: %s", standard, why))
		return nil
	}
	vectors, err := a.encoders.tableOf(ctx, name, f, in.Table, kind)
	if err == nil {
		addUnlike(in, a.standard, promptRows{table: in.Table, vectors: vectors, needs: routers.Needs{Vector: true, Features: true}})
	}
	return err
}

// addUnlike adds which prompts are unlike those that a router was trained on, if it can tell.
func addUnlike(in *audit.Input, r Router, prompts promptRows) {
	rows := everyRow(prompts.table)
	unlike := unlikeOf(r.Router, len(rows), func(from, to int) []routers.Prompt { return prompts.at(rows[from:to]) })
	if unlike != nil {
		in.Unlike = append(in.Unlike, audit.Unlike{Router: r.Spec.Label, Rows: unlike, Expected: familiar.Flagged})
	}
}
