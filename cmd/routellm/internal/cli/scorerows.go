package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/routers"
)

// scored is a data set that is about to be scored.
type scored struct {
	table   *datasets.Table
	prompts []routers.Prompt // one a row
}

// readScored reads what the router needs of every row.
func readScored(ctx context.Context, e *encoders, f *datasets.File, name string, r routers.Router) (scored, error) {
	sel := selection(f, r.Needs())
	sel.Digests = true
	t, err := f.Read(sel)
	if err != nil {
		return scored{}, err
	}
	prompts, err := e.promptsFor(ctx, name, t, r)
	if err != nil {
		return scored{}, err
	}
	d := scored{t, prompts}
	if c, ok := r.(routers.Checker); ok {
		return d, c.Check(d.prompts)
	}
	return d, nil
}

// batchOf is how many of n prompts a router gets at once: all where it shows itself how
// far it is, which it could not say of all if it got some.
func batchOf(r routers.Router, n int) int {
	if own, ok := r.(interface{ Reports() bool }); ok && own.Reports() {
		return n
	}
	return batchRows
}

// scoreAll scores the prompts, batch by batch to show how far it is.
func scoreAll(ctx context.Context, r routers.Router, prompts []routers.Prompt, progress func(done, total int)) ([]float64, error) {
	scores := make([]float64, 0, len(prompts))
	for len(scores) < len(prompts) {
		some := prompts[len(scores):min(len(scores)+batchOf(r, len(prompts)), len(prompts))]
		got, err := r.Scores(ctx, some)
		if err != nil {
			return nil, err
		}
		for i, v := range got {
			if !num.Finite(v) {
				return nil, fmt.Errorf("sample %q: score %v, expected a finite number", some[i].ID, v)
			}
		}
		scores = append(scores, got...)
		progress(len(scores), len(prompts))
	}
	return scores, nil
}

// scoreColumns are the columns of the file, less those that nothing is known for.
// Compact leaves out the digests, of which the metadata has one, and rounds scores to
// 32 bits, so that the file is a tenth as large.
func scoreColumns(d scored, r routers.Router, scores []float64, compact bool) []datasets.AnyColumn {
	columns := []datasets.AnyColumn{{Name: "sample_id", Strings: d.table.SampleID}}
	if d.table.PromptSHA256 != nil && !compact {
		columns = append(columns, datasets.AnyColumn{Name: "prompt_sha256", Strings: d.table.PromptSHA256})
	}
	if compact {
		scores = slices.Clone(scores)
		for i, v := range scores {
			scores[i] = float64(float32(v))
		}
	}
	columns = append(columns, datasets.AnyColumn{Name: "score", Floats: scores})
	if training := trainingRows(d, r); training != nil {
		columns = append(columns, datasets.AnyColumn{Name: "training", Bools: training})
	}
	return columns
}

// scoreMeta says what was scored by what. What is not known or not there is left out.
func scoreMeta(o scoreOptions, r routers.Router, input result.Input, t *datasets.Table) map[string]string {
	meta := datasets.ScoreMeta{Router: o.Router, Data: t.Meta.Name, DataSHA256: input.SHA256}
	if meta.Data == "" {
		meta.Data = nameOf(o.Data)
	}
	if m, ok := r.(routers.Weighted); ok {
		meta.RouterSHA256 = m.SHA256()
	}
	if t.PromptSHA256 != nil {
		meta.PromptsSHA256 = datasets.PromptsDigest(t.PromptSHA256)
	}
	if k, ok := kindOf(r); ok {
		meta.Encoder, meta.EncoderSHA256 = k.name, k.sha256
	}
	return meta.Pairs()
}

// trainingRows says of which rows the router was trained on the prompt; nil if of none.
func trainingRows(d scored, r routers.Router) []bool {
	known, rows := knowledgeOf([]entrant{{router: r}}), make([]bool, d.table.Rows())
	for i := range rows {
		rows[i] = known.trainedOn(d.table, d.prompts[i], i)
	}
	if !slices.Contains(rows, true) {
		return nil
	}
	return rows
}
