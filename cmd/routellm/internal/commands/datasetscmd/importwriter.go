package datasetscmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/encoder"
)

// importWriter writes a data set in batches, as Parquet or CSV. The file appears at commit.
type importWriter struct {
	ctx      context.Context
	s        cmdutil.Streams
	path     string
	dropText bool

	static *encoder.StaticEncoder // nil if vectors are not written
	file   *outfile.Writer        // nil before the first batch, so that bad input leaves no trace
	to     tableWriter
	rows   int
	models map[string]bool
}

// tableWriter is a [datasets.Writer] or a [datasets.CSVWriter].
type tableWriter interface {
	Write(t *datasets.Table) error
	Close() error
}

// newImportWriter checks what the file's name says of its format.
func newImportWriter(ctx context.Context, s cmdutil.Streams, path string, dropText bool) (*importWriter, error) {
	w := &importWriter{ctx: ctx, s: s, path: path, dropText: dropText, models: map[string]bool{}}
	if err := checkOut(path); err != nil {
		return nil, err
	}
	if isCSV(path) {
		return w, nil
	}
	var err error
	if w.static, err = encoder.Static(); err != nil {
		return nil, fault.Wrap(err)
	}
	return w, nil
}

func isCSV(path string) bool { return strings.EqualFold(filepath.Ext(path), ".csv") }

// checkOut returns an error if the file's name asks for a format that is not written.
func checkOut(path string) error {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case "":
		if path == "" {
			return hint.With(errors.New("--out is required"), "for example --out mine.parquet")
		}
	case ".csv", ".parquet", ".pq":
	case ".tsv", ".json", ".jsonl", ".ndjson", ".gz", ".zst", ".zip", ".xlsx", ".arrow", ".feather", ".txt", ".db":
		return hint.With(fmt.Errorf("--out %q: cannot write %s files, expected a name that ends in .parquet or .csv", path, ext),
			"routellm reads Parquet files faster, and only they hold the prompts' vectors")
	}
	return nil
}

// write adds a batch, with the vectors of its prompts.
func (w *importWriter) write(t *datasets.Table) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if err := w.embed(t); err != nil {
		return err
	}
	if w.dropText {
		t.DropPrompts()
	}
	if err := w.open(); err != nil {
		return err
	}
	w.rows += t.Rows()
	for _, c := range t.Quality {
		w.models[c.Name] = true
	}
	for i := range t.ModelA {
		w.models[t.ModelA[i]], w.models[t.ModelB[i]] = true, true
	}
	return w.to.Write(t)
}

func (w *importWriter) embed(t *datasets.Table) error {
	if w.static == nil || !t.HasPrompt {
		return nil
	}
	vectors, err := w.static.EncodeQuantised(w.ctx, t.Prompt)
	if err != nil {
		return err
	}
	t.SetEmbeddings(encoder.StaticName, encoder.StaticDigest, encoder.Scale, vectors)
	return nil
}

// open begins the file.
func (w *importWriter) open() (err error) {
	if w.file != nil {
		return nil
	}
	if err := outfile.MkdirAll(filepath.Dir(w.path)); err != nil {
		return fault.Wrap(err)
	}
	if w.file, err = outfile.Create(w.path); err != nil {
		return fault.Wrap(err)
	}
	var out io.Writer = w.file
	if isCSV(w.path) {
		w.to = datasets.NewCSVWriter(out)
	} else {
		w.to = datasets.NewWriter(out)
	}
	return nil
}

// commit completes the file and reports its size.
func (w *importWriter) commit() error {
	if err := w.open(); err != nil { // nothing was written: Close says so
		return err
	}
	if err := w.to.Close(); err != nil {
		return err
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if err := w.file.Commit(); err != nil {
		return fault.Wrap(err)
	}
	fmt.Fprintf(w.s.Out, "%s: %s, %s\n", w.path, text.Plural(w.rows, "row"), text.Plural(len(w.models), "model"))
	return nil
}

// abort removes an unfinished file.
func (w *importWriter) abort() {
	if w.file != nil {
		w.file.Abort()
	}
}
