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
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
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
	// Jobs is the number of batches of rows that are scored at once, at least 1.
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

// ofInput names standard input in an error, unless something else than the input caused it, such as a
// full disk.
func ofInput(err error) error {
	if fault.Is(err) {
		return err
	}
	return fmt.Errorf("standard input: %w", err)
}

// check returns an error if a table with the given columns lacks the prompts or has them twice, or
// has a column of a new one's name. Spark and others take upper and lower case for the same.
func (o Options) check(columns []string) error {
	if !slices.Contains(columns, o.Prompt) {
		err := hint.With(fmt.Errorf("column %q is missing", o.Prompt), "--prompt COLUMN names the column with the prompts", "columns: "+text.Quoted(columns, 20))
		return hint.DidYouMean(err, o.Prompt, columns)
	}
	if i := slices.Index(columns, o.Prompt); slices.Contains(columns[i+1:], o.Prompt) {
		return fmt.Errorf("column %q: occurs twice, expected once", o.Prompt)
	}
	for i, name := range o.columnNames() {
		if at := slices.IndexFunc(columns, func(c string) bool { return strings.EqualFold(c, name) }); at >= 0 {
			return o.clash(i, columns[at])
		}
	}
	return nil
}

// clash returns the error about a table that has a column of the name of the i-th new one, or of one
// that differs in case.
func (o Options) clash(i int, name string) error {
	advice := "--as NAME gives the new column another name"
	if i >= len(o.Columns) {
		advice = "leave out --digests or --features, which would write it again"
	}
	return hint.With(fmt.Errorf("column %q: exists already, expected a name that is free for the new column", name), advice)
}
