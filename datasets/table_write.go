package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/outfile"
)

// Write writes the table as Parquet in the sample schema, without columns that are nil. Equal
// tables give equal bytes. Values that [File.Read] would refuse are errors that name row and
// column.
func (t *Table) Write(w io.Writer) error {
	if t.Rows() == 0 {
		return errors.New("no rows, expected at least one sample")
	}
	if err := t.check(); err != nil {
		return err
	}
	return WriteColumns(w, t.columns(), t.Meta.pairs())
}

// WriteFile writes the table to path. The file appears only once it is complete.
func (t *Table) WriteFile(path string) error {
	var buf bytes.Buffer
	buf.Grow(4 * t.Dim() * len(t.Vectors)) // floats hardly compress, and growing step by step takes up to twice the memory
	if err := t.Write(&buf); err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	if err := outfile.Write(path, buf.Bytes()); err != nil {
		return readError(path, err)
	}
	return nil
}

// check applies the checks that [File.Read] applies to the written file.
func (t *Table) check() error {
	for _, c := range t.columns() {
		for i, v := range c.Strings {
			if expected := expectedText(c.Name, v); expected != "" {
				return fmt.Errorf("row %d, column %q: found %s, expected %s", i+1, c.Name, quote(v), expected)
			}
		}
		for i, v := range c.Floats {
			if math.IsNaN(v) {
				v = parquetfile.NullFloat
			}
			if expected := expectedNumber(roleOf(c.Name), v, t.Meta); expected != "" {
				return fmt.Errorf("row %d, column %q: found %s, expected %s", i+1, c.Name, formatNumber(v), expected)
			}
		}
	}
	return unique("table", colSampleID, t.SampleID)
}

// columns lists the columns that are not nil, in the order of the schema.
func (t *Table) columns() []AnyColumn {
	out := []AnyColumn{{Name: colSampleID, Strings: t.SampleID}}
	text := func(name string, values []string) {
		if values != nil {
			out = append(out, AnyColumn{Name: name, Strings: values})
		}
	}
	numbers := func(prefix string, columns []Column) {
		for _, c := range columns {
			out = append(out, AnyColumn{Name: prefix + c.Name, Floats: c.Values})
		}
	}
	text(colTask, t.Task)
	text(colCluster, t.Cluster)
	text(colPrompt, t.Prompt)
	text(colSHA256, t.PromptSHA256)
	text(colNormSHA256, t.PromptNormSHA256)
	if t.Embedding != nil {
		out = append(out, AnyColumn{Name: colEmbedding, Bytes: t.Embedding})
	}
	if t.Vectors != nil {
		out = append(out, AnyColumn{Name: colEmbedding, Vectors: t.Vectors})
	}
	text(colModelA, t.ModelA)
	text(colModelB, t.ModelB)
	text(colWinner, t.Winner)
	if t.Weight != nil {
		out = append(out, AnyColumn{Name: colWeight, Floats: t.Weight})
	}
	text(colSource, t.Source)
	numbers(prefixFeature, t.Features)
	if t.Contaminated != nil {
		out = append(out, AnyColumn{Name: colContaminated, Bools: t.Contaminated})
	}
	numbers(prefixQuality, t.Quality)
	numbers("", t.Extras)
	return out
}
