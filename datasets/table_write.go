package datasets

import (
	"io"

	"github.com/routellm/routellm/internal/outfile"
)

// Write writes the table as Parquet in the sample schema, without columns that are nil. Equal
// tables give equal bytes. Values that [File.Read] would refuse are errors that name row and
// column. A [Writer] writes a table in parts.
func (t *Table) Write(w io.Writer) error {
	writer := NewWriter(w)
	if err := writer.Write(t); err != nil {
		return err
	}
	return writer.Close()
}

// WriteFile writes the table to path. The file appears only once it is complete.
func (t *Table) WriteFile(path string) error {
	f, err := outfile.Create(path)
	if err != nil {
		return readError(path, err)
	}
	defer f.Abort()
	if err := t.Write(f); err != nil {
		return readError(path, err)
	}
	if err := f.Commit(); err != nil {
		return readError(path, err)
	}
	return nil
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
	if t.Cues != nil {
		out = append(out, AnyColumn{Name: colCues, Vectors: t.Cues})
	}
	text(colModelA, t.ModelA)
	text(colModelB, t.ModelB)
	text(colWinner, t.Winner)
	if t.Share != nil {
		out = append(out, AnyColumn{Name: colShare, Floats: t.Share})
	}
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
