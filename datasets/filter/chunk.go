package filter

import (
	"context"
	"errors"
	"fmt"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/internal/parquetappend"
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/inorder"
	"github.com/routellm/routellm/internal/num"
)

// Limits of the rows that are scored together. Scores do not depend on them.
const (
	chunkRows  = 1024
	chunkBytes = 1 << 20 // unless a single row has more
)

// values holds the new values of some rows in one column.
type values = parquetappend.Values

// chunk holds rows that are scored together.
type chunk struct {
	first int // rows before it
	cells []rows.Cell
	bytes int // size of the cells
	write func(columns []values) error

	columns []values
	count   Count
	err     error
}

// full reports whether the chunk takes no more rows.
func (c *chunk) full() bool { return len(c.cells) >= chunkRows || c.bytes >= chunkBytes }

// add adds a row.
func (c *chunk) add(cell rows.Cell) {
	c.cells, c.bytes = append(c.cells, cell), c.bytes+len(cell.Text)
}

// run scores the rows that read passes in chunks, and has each chunk written in its turn.
func (o Options) run(ctx context.Context, read func(ctx context.Context, emit func(*chunk) error) error, idle func() error) (Count, error) {
	var total Count
	err := inorder.Run(ctx, o.Jobs, inorder.Stages[*chunk]{Read: read, Work: o.score, Write: func(c *chunk, last bool) error {
		if c.err != nil {
			return c.err
		}
		if err := c.write(c.columns); err != nil {
			return err
		}
		total.Add(c.count)
		if last && idle != nil {
			return idle()
		}
		return nil
	}})
	return total, err
}

// score fills in the columns of a chunk.
func (o Options) score(ctx context.Context, c *chunk) {
	at, ids, texts := make([]int, 0, len(c.cells)), make([]string, 0, len(c.cells)), make([]string, 0, len(c.cells))
	c.count.Rows = len(c.cells)
	for i, cell := range c.cells {
		prompt, err := promptIn(cell, o.Text)
		if err != nil {
			err = o.inRow(c.first+i+1, err)
			if !o.Null {
				c.err = err
				return
			}
			c.count.Add(Count{Null: 1, First: err})
			continue
		}
		at, ids, texts = append(at, i), append(ids, fmt.Sprintf("row %d", c.first+i+1)), append(texts, prompt)
	}
	scores := make([][]float64, len(o.Columns))
	if len(texts) > 0 {
		if scores, c.err = o.Score(ctx, ids, texts); c.err != nil {
			return
		}
	}
	for _, column := range scores {
		c.columns = append(c.columns, values{Floats: spread(column, at, len(c.cells))})
	}
	o.addTexts(c, texts, at)
	c.cells = nil
}

// inRow adds the place to an error about a prompt.
func (o Options) inRow(row int, err error) error {
	var refused *prompttext.Refused
	where := fmt.Errorf("row %d, column %q: %w", row, o.Prompt, err)
	if errors.As(err, &refused) {
		return hint.With(where, append(refused.Hints(o.Prompt), nullHint)...)
	}
	return hint.With(where, nullHint)
}

const nullHint = "--on-error null leaves the score of such rows null, and counts them"

// addTexts adds what is known of the prompts' texts: digests and counts. at has the row of each.
func (o Options) addTexts(c *chunk, texts []string, at []int) {
	if o.Digests {
		for _, digest := range []func(string) string{datasets.SHA256Hex, datasets.NormSHA256Hex} {
			out := make([]*string, len(c.cells))
			for k, text := range texts {
				hex := digest(text)
				out[at[k]] = &hex
			}
			c.columns = append(c.columns, values{Texts: out})
		}
	}
	if o.Features {
		var counts [4][]float64
		for _, text := range texts {
			chars, words, lines, numbers := datasets.TextFeatures(text)
			for k, n := range [4]int{chars, words, lines, numbers} {
				counts[k] = append(counts[k], float64(n))
			}
		}
		for _, column := range counts {
			c.columns = append(c.columns, values{Floats: spread(column, at, len(c.cells))})
		}
	}
}

// spread returns n numbers, those given at their places and NaN elsewhere.
func spread(given []float64, at []int, n int) []float64 {
	if len(given) == n {
		return given
	}
	out := num.NaNs(n)
	for k, i := range at {
		out[i] = given[k]
	}
	return out
}
