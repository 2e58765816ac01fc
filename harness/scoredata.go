package harness

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// batchRows is the number of prompts that a router gets at once.
const batchRows = 4096

// ScoredData is a data set with one router's score of every row, contaminated rows included.
type ScoredData struct {
	Scores []float64 // one per row; nil for a router among several models
	// Models names the models that the router predicts; nil for a router of two models. Quality and
	// Cost have one column per model and one row per row of the data. Cost has no rows if the
	// router predicts none, and one if it is the same for every prompt.
	Models        []string
	Quality, Cost pool.Matrix

	router Router
	name   string // name or path by which the data set was opened
	input  results.Input
	table  *datasets.Table
	unlike []bool // rows that are unlike all that the router was trained on; nil if it cannot tell
}

// ScoreOptions says how a data set is scored.
type ScoreOptions struct {
	Feedback
	Reading
	// Encoder makes the vectors that the data lacks.
	Encoder Encoder
}

// ScoreData scores every row of a data set: a built-in name or a file. A router among several
// models predicts each.
func ScoreData(ctx context.Context, r Router, name string, o ScoreOptions) (*ScoredData, error) {
	if err := checkScores(r); err != nil {
		return nil, err
	}
	f, input, err := OpenData(ctx, name, o.Reading, o.Feedback)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sel := selectionFor(f, []Router{r})
	sel.Digests, sel.Progress = true, watch(ctx, o.progress("reading"))
	t, err := f.Read(sel)
	if err != nil {
		return nil, err
	}
	d := &ScoredData{router: r, name: name, input: input, table: t}
	prompts, err := NewEncoders(o.Encoder, o.Feedback).promptRows(ctx, name, f, t, r.Router)
	if err != nil {
		return nil, err
	}
	if c, ok := routers.As[routers.Checker](r.Router); ok {
		if err := c.Check(slices.Values(prompts.at(everyRow(t)))); err != nil {
			return nil, err
		}
	}
	if err := d.score(ctx, prompts, o.progress("scoring")); err != nil {
		return nil, fmt.Errorf("router %q on %s: %w", r.Spec.Label, f.Name(), err)
	}
	rows := everyRow(t)
	d.unlike = unlikeOf(r.Router, len(rows), func(from, to int) []routers.Prompt { return prompts.at(rows[from:to]) })
	noteUnlike(o.Feedback, ShortName(f), r.Spec.Label, d.unlike)
	return d, nil
}

// score fills in what the router says of every row.
func (d *ScoredData) score(ctx context.Context, prompts promptRows, progress func(done, total int)) (err error) {
	if _, several := d.router.Router.(routers.Unpaired); !several {
		d.Scores, err = prompts.scores(ctx, d.router.Router, progress)
		return err
	}
	p, rows := routers.PredictorOf(d.router.Router), everyRow(d.table)
	d.Models = p.Models()
	got, err := predictParts(ctx, p, len(rows), batchOf(d.router.Router, len(rows)), func(from, to int) []routers.Prompt { return prompts.at(rows[from:to]) }, progress)
	d.Quality, d.Cost = got.Quality, got.Cost
	return err
}

// Rows returns the number of rows that were scored.
func (d *ScoredData) Rows() int { return d.table.Rows() }

// Columns returns the columns of a score file: score or, for several models, score:MODEL and, if the
// router predicts costs, cost:MODEL. compact makes the file a tenth as large: it
// leaves out the prompts' digests, since the metadata has one digest of them all, and
// rounds scores to 32 bits.
func (d *ScoredData) Columns(compact bool) []datasets.AnyColumn {
	columns := []datasets.AnyColumn{{Name: "sample_id", Strings: d.table.SampleID}}
	if d.table.PromptSHA256 != nil && !compact {
		columns = append(columns, datasets.AnyColumn{Name: "prompt_sha256", Strings: d.table.PromptSHA256})
	}
	for _, c := range d.scoreColumns() {
		if compact {
			c.Floats = slices.Clone(c.Floats)
			for i, v := range c.Floats {
				c.Floats[i] = float64(float32(v))
			}
		}
		columns = append(columns, c)
	}
	if training := d.trainingRows(); training != nil {
		columns = append(columns, datasets.AnyColumn{Name: "training", Bools: training})
	}
	if slices.Contains(d.unlike, true) {
		columns = append(columns, datasets.AnyColumn{Name: "unlike", Bools: d.unlike})
	}
	return columns
}

// scoreColumns returns the columns of scores and costs.
func (d *ScoredData) scoreColumns() []datasets.AnyColumn {
	if d.Models == nil {
		return []datasets.AnyColumn{{Name: "score", Floats: d.Scores}}
	}
	var out []datasets.AnyColumn
	for _, kind := range []struct {
		prefix string
		values pool.Matrix
	}{{datasets.ScorePrefix, d.Quality}, {datasets.CostPrefix, d.Cost}} {
		if kind.values.Rows() == 0 {
			continue
		}
		for k, m := range d.Models {
			values := make([]float64, d.Rows())
			for i := range values {
				values[i] = kind.values.At(min(i, kind.values.Rows()-1), k)
			}
			out = append(out, datasets.AnyColumn{Name: kind.prefix + m, Floats: values})
		}
	}
	return out
}

// Meta returns the metadata of a score file, which identify the router and the data set.
// router is the name by which the router was opened. Unknown values are omitted.
func (d *ScoredData) Meta(router string) map[string]string {
	meta := scoreMeta(d.router, router)
	meta.Data, meta.DataSHA256 = cmp.Or(d.table.Meta.Name, NameOf(d.name)), d.input.SHA256
	if d.table.PromptSHA256 != nil {
		meta.PromptsSHA256 = datasets.PromptsDigest(d.table.PromptSHA256)
	}
	return meta.Pairs()
}

// scoreMeta describes the scores of a router that was opened by a name, whatever it scores.
func scoreMeta(r Router, name string) datasets.ScoreMeta {
	meta := datasets.ScoreMeta{Router: name}
	if w, ok := routers.As[routers.Weighted](r.Router); ok {
		meta.RouterSHA256 = w.SHA256()
	}
	if k, ok := kindOf(r.Router); ok {
		meta.Encoder, meta.EncoderSHA256 = k.name, k.sha256
	}
	return meta
}

// trainingRows returns for each row whether the router was trained on its prompt; nil if it
// was trained on none.
func (d *ScoredData) trainingRows() []bool {
	known, rows := knowledgeOf([]Router{d.router}), make([]bool, d.table.Rows())
	for i := range rows {
		rows[i] = known.trainedOn(d.table, i)
	}
	if !slices.Contains(rows, true) {
		return nil
	}
	return rows
}

// batchOf returns the batch size for n prompts. A router that reports its own progress
// gets all of them at once, since it would otherwise report each batch as the whole.
func batchOf(r routers.Router, n int) int {
	if own, ok := routers.As[interface{ Reports() bool }](r); ok && own.Reports() {
		return n
	}
	return batchRows
}

// scoreParts scores n prompts batch by batch, to report progress. prompts returns those from one
// number to before another. A non-finite score is an error.
func scoreParts(ctx context.Context, r routers.Router, n, batch int, prompts func(from, to int) []routers.Prompt, progress func(done, total int)) ([]float64, error) {
	scores := make([]float64, 0, n)
	for len(scores) < n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		some := prompts(len(scores), min(len(scores)+batch, n))
		got, err := r.Scores(ctx, some)
		if err != nil {
			return nil, err
		}
		if err := checkFinite(got, some); err != nil {
			return nil, err
		}
		scores = append(scores, got...)
		progress(len(scores), n)
	}
	return scores, nil
}

// checkFinite refuses scores that are not one finite number per prompt.
func checkFinite(scores []float64, prompts []routers.Prompt) error {
	if len(scores) != len(prompts) {
		return fmt.Errorf("the router returned %s for %s, expected one score per prompt",
			text.Plural(len(scores), "score"), text.Plural(len(prompts), "prompt"))
	}
	for i, v := range scores {
		if !num.Finite(v) {
			return fmt.Errorf("sample %q: score %v, expected a finite number", prompts[i].ID, v)
		}
	}
	return nil
}
