package harness

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/cosine"
	"github.com/routellm/routellm/routers/encoder"
)

// manyRows is the number of rows above which a data set's prompts and vectors are read in parts
// where they are used, and not kept. It is a variable for tests.
var manyRows = 1 << 16

// textRows is the number of rows of a part with texts or vectors.
const textRows = 1 << 13

// partOf returns the number of prompts, of n, that a router gets at once: all, unless there are
// so many that their vectors would fill the memory.
func partOf(r routers.Router, n int) int {
	switch {
	case n <= manyRows:
		return n
	case r.Needs().Vector:
		return textRows
	}
	return max(manyRows, batchOf(r, n))
}

// watch returns a function for [datasets.Select] that shows progress and ends the reading with
// the context.
func watch(ctx context.Context, progress func(done, total int)) func(done, total int) error {
	return func(done, total int) error {
		progress(done, total)
		return ctx.Err()
	}
}

// selection returns which columns to keep of every row.
func (d demand) selection(f *datasets.File, input results.Input) datasets.Select {
	sel := selectionFor(f, d.routers)
	joins := d.clusters.joins() && input.Builtin == "" // equal prompts of built-in data share a cluster already
	digests := d.digests || d.gold != "" || joins || !d.trained.none() || len(d.kinds) > 0
	learned := len(d.lessons) > 0 && input.Builtin == ""
	if input.Builtin != "" || f.Rows() <= manyRows {
		sel.Digests = sel.Digests || digests || learned
		sel.Prompts = sel.Prompts || learned
		return sel
	}
	sel.Norms, sel.Digests = digests || learned, sel.Digests || d.gold != ""
	return sel
}

// selectionFor returns which columns to keep so that the needs of routers can be met. Of many
// rows it leaves out texts that are only needed for vectors of the built-in encoder.
func selectionFor(f *datasets.File, rs []Router) datasets.Select {
	needs := needsOf(rs)
	sel := selection(f, needs)
	if f.Rows() <= manyRows {
		return sel
	}
	sel.Embedding = false // see readVectors
	if sel.Prompts {
		server := slices.ContainsFunc(kindsOf(rs), func(k vectorKind) bool { return k != staticVectors }) // gets all texts at once
		sel.Prompts = needs.Text || needs.Cues && !f.HasCues() || needs.Features && !f.HasColumn("feature:chars") || server
	}
	return sel
}

// readVectors reads the vectors of a file into a table. Of many rows they come last, when what
// took memory to prepare the other columns is free again.
func readVectors(ctx context.Context, f *datasets.File, t *datasets.Table) error {
	t.Meta = f.Meta()
	return f.Stream(datasets.Select{Embedding: true, Unchecked: true}, textRows, func(part *datasets.Table) error {
		t.Embedding, t.Vectors = append(t.Embedding, part.Embedding...), append(t.Vectors, part.Vectors...)
		return ctx.Err()
	})
}

// eachText calls visit with the texts of all rows and their digests: with the table if it has
// the texts or there are none, and else with parts that are read from the file.
func eachText(ctx context.Context, f *datasets.File, t *datasets.Table, visit func(first int, t *datasets.Table) error) error {
	if t.HasPrompt || !f.HasColumn("prompt") {
		return visit(0, t)
	}
	first := 0
	return f.Stream(datasets.Select{Prompts: true, Norms: true}, textRows, func(part *datasets.Table) error {
		err := visit(first, part)
		first += part.Rows()
		if err == nil {
			err = ctx.Err()
		}
		return err
	})
}

// tableOf returns a table with a vector per row: the data set itself if its vectors are of the
// kind, or else vectors of the text.
func (e *Encoders) tableOf(ctx context.Context, name string, f *datasets.File, t *datasets.Table, k vectorKind) (*datasets.Table, error) {
	switch stored := f.HasColumn("embedding") && k.fits(f.Meta().Encoder, f.Meta().EncoderSHA256); {
	case stored && t.Dim() == 0:
		return t, readVectors(ctx, f, t)
	case stored:
		return t, nil
	}
	if k == staticVectors && f.Rows() > manyRows && f.HasColumn("prompt") {
		return e.quantised(ctx, f, t)
	}
	vectors, err := e.vectorsOf(ctx, name, t, k)
	return &datasets.Table{Vectors: vectors}, err
}

// promptRows makes prompts of rows.
type promptRows struct {
	table, vectors *datasets.Table // vectors is nil for a router without vectors
	needs          routers.Needs
}

// promptRows returns the prompts of a data set with everything that one router needs.
func (e *Encoders) promptRows(ctx context.Context, name string, f *datasets.File, t *datasets.Table, r routers.Router) (promptRows, error) {
	p := promptRows{table: t, needs: r.Needs()}
	if err := attach(name, t, p.needs); err != nil {
		return p, err
	}
	kind, ok := kindOf(r)
	if !ok {
		return p, nil
	}
	var err error
	if p.vectors, err = e.tableOf(ctx, name, f, t, kind); err != nil {
		return p, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// at returns the prompts of some rows.
func (p promptRows) at(rows []int) []routers.Prompt {
	prompts := promptsAt(p.table, p.needs, rows)
	if p.vectors != nil {
		for k, vector := range vectorsAt(p.vectors, rows) {
			prompts[k].Vector = vector
		}
	}
	return prompts
}

// scores scores every row.
func (p promptRows) scores(ctx context.Context, r routers.Router, progress func(done, total int)) ([]float64, error) {
	all := everyRow(p.table)
	return scoreParts(ctx, r, len(all), batchOf(r, len(all)), func(from, to int) []routers.Prompt { return p.at(all[from:to]) }, progress)
}

// sourceOf gives the vectors of a table one at a time.
func sourceOf(t *datasets.Table) cosine.Source {
	return cosine.Source{N: vectorCount(t), Dim: t.Dim(), Vector: t.Vector}
}

// quantised returns the built-in encoder's vectors of all texts as files store them, which takes
// a quarter of the memory.
func (e *Encoders) quantised(ctx context.Context, f *datasets.File, t *datasets.Table) (*datasets.Table, error) {
	static, err := encoder.Static()
	if err != nil {
		return nil, fault.Wrap(err)
	}
	progress := e.feedback.progress("embedding")
	out := &datasets.Table{Meta: datasets.Meta{EmbeddingScale: encoder.Scale}, Embedding: make([]string, 0, f.Rows())}
	add := func(texts []string) error {
		vectors, err := static.EncodeQuantised(ctx, texts)
		out.Embedding = append(out.Embedding, packed(vectors)...)
		progress(len(out.Embedding), f.Rows())
		return err
	}
	err = eachText(ctx, f, t, func(_ int, part *datasets.Table) error {
		for from := 0; from < part.Rows(); from += textRows {
			if err := add(part.Prompt[from:min(from+textRows, part.Rows())]); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// packed returns vectors as the bytes of their components, cut out of one string.
func packed(vectors [][]int8) []string {
	var all []byte
	for _, v := range vectors {
		for _, x := range v {
			all = append(all, byte(x))
		}
	}
	bytes, out := string(all), make([]string, len(vectors))
	for i, v := range vectors {
		out[i], bytes = bytes[:len(v)], bytes[len(v):]
	}
	return out
}
