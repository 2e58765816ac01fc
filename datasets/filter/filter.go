// Package filter adds a router's scores to tables that pass through: every row and every column
// stays as it is and where it is, and columns of scores follow.
//
// [Parquet] filters a file, [Arrow] a stream in Arrow's IPC format, and [NDJSON] lines of JSON. All
// of them work in constant memory: they hold a few thousand rows, or in Arrow a few batches, and
// write the same bytes on every run, on any number of cores. They are strict: input that ends too
// early, or of which a prompt cannot be read, is an error.
package filter

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/internal/parquetappend"
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/inorder"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
)

// Options says what is added to tables.
type Options struct {
	Prompt string          // column with the prompts
	Text   prompttext.Mode // text of a conversation that is the prompt
	// Columns names the columns of numbers that Score computes. Score returns one slice per column,
	// with one finite number per text. ids name the texts in errors. It must be safe for concurrent
	// use.
	Columns []string
	Score   func(ctx context.Context, ids, texts []string) ([][]float64, error)
	// Digests adds the digests of the prompts, and Features the counts of their texts.
	Digests, Features bool
	// Null leaves the new columns of a row null if its prompt cannot be read, in place of an error.
	Null bool
	// Jobs is the number of rows' batches that are scored at once, at least 1.
	Jobs int
	// Progress, if non-nil, is called with the number of rows of a file that are done.
	Progress func(done, total int)
}

// Count counts rows.
type Count struct {
	Rows  int   // all of them
	Null  int   // rows whose prompts could not be read
	First error // what is wrong with the first of those
}

// Add adds the counts of rows that follow.
func (c *Count) Add(more Count) {
	c.Rows, c.Null = c.Rows+more.Rows, c.Null+more.Null
	if c.First == nil {
		c.First = more.First
	}
}

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

// columnNames names the new columns in their order.
func (o Options) columnNames() []string {
	names := slices.Clone(o.Columns)
	if o.Digests {
		names = append(names, "prompt_sha256", "prompt_norm_sha256")
	}
	if o.Features {
		names = append(names, "feature:chars", "feature:words", "feature:lines", "feature:numbers")
	}
	return names
}

// isText reports whether a new column holds texts, and not numbers.
func (o Options) isText(i int) bool { return o.Digests && i >= len(o.Columns) && i < len(o.Columns)+2 }

// check returns an error if a table with the given columns lacks the prompts, or has a column of a
// new one's name.
func (o Options) check(columns []string) error {
	if !slices.Contains(columns, o.Prompt) {
		err := hint.With(fmt.Errorf("column %q is missing", o.Prompt), "--prompt COLUMN names the column with the prompts", "columns: "+text.Quoted(columns, 20))
		return hint.DidYouMean(err, o.Prompt, columns)
	}
	for i, name := range o.columnNames() {
		if slices.Contains(columns, name) {
			return o.clash(i)
		}
	}
	return nil
}

// clash returns the error about a table that has a column of a new one's name.
func (o Options) clash(i int) error {
	advice := "--as NAME gives the new column another name"
	if i >= len(o.Columns) {
		advice = "leave out --digests or --features, which would write it again"
	}
	return hint.With(fmt.Errorf("column %q: exists already, expected a name that is free for the new column", o.columnNames()[i]), advice)
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
