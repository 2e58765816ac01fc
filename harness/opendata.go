package harness

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// OpenData opens a data set: a built-in one by its name, a Parquet file in the sample schema, or
// any other file, folder or pattern of files as r says. "-" is standard input. A file in another
// format than the sample schema is converted, without vectors; the returned input says how, and
// f receives what was guessed. The caller closes the file.
func OpenData(ctx context.Context, name string, r Reading, f Feedback) (*datasets.File, results.Input, error) {
	return newOpener(r, f).open(ctx, name)
}

// open opens a data set as [OpenData] does, and notes its models.
func (o *opener) open(ctx context.Context, name string) (*datasets.File, results.Input, error) {
	f, input, err := o.find(ctx, name)
	if err == nil {
		f, input, err = o.relabel(f, input)
	}
	if err == nil {
		o.models = append(o.models, slices.DeleteFunc(f.Models(), func(m string) bool { return slices.Contains(o.models, m) })...)
	}
	return f, input, err
}

// find opens a data set by its name or path.
func (o *opener) find(ctx context.Context, name string) (*datasets.File, results.Input, error) {
	if data, ok := benchmarks.Data(name); ok {
		f, err := datasets.OpenBytes(name, data)
		return f, results.Input{Builtin: name, SHA256: datasets.DigestBytes(data)}, err
	}
	if o.joins(name) {
		return o.kept(ctx, name, o.join)
	}
	if name == stdinName || isPipe(name) {
		return o.kept(ctx, name, o.fromStream)
	}
	head, err := headOf(name)
	switch {
	case errors.Is(err, os.ErrNotExist) && !isPattern(name):
		return nil, results.Input{}, o.hintNames(name, hint.List(err, name, benchmarks.EvalNames(), "one data set is expected here: commas are part of a file's name"))
	case err == nil && beginsParquet(head):
		if f, input, err := o.sample(name); f != nil || err != nil {
			return f, input, err
		}
	}
	return o.kept(ctx, name, o.convert)
}

// sample opens a Parquet file in the sample schema. It returns nil, and no error, for another
// Parquet file.
func (o *opener) sample(name string) (*datasets.File, results.Input, error) {
	f, err := datasets.Open(name)
	if err != nil {
		if columns, _ := datasets.Header(name); ownColumns(columns) {
			return nil, results.Input{}, err
		}
		return nil, results.Input{}, nil
	}
	if !ownColumns(f.Columns()) {
		return nil, results.Input{}, f.Close()
	}
	o.noteUnused(name)
	digest, err := datasets.Digest(name)
	return f, results.Input{Path: name, SHA256: digest}, err
}

// ownColumns reports whether columns are those of a file that this program or a user following
// its documentation wrote. A table that has no more in common with it than the name of its
// column of ids is somebody else's.
func ownColumns(columns []string) bool {
	plain := []string{"sample_id", "task", "cluster", "prompt", "contaminated"}
	own := func(c string) bool {
		return strings.HasPrefix(c, "quality:") || strings.HasPrefix(c, "feature:") ||
			slices.Contains([]string{"prompt_sha256", "embedding", "score", "decision", "winner"}, c)
	}
	foreign := func(c string) bool { return !slices.Contains(plain, c) }
	return slices.Contains(columns, "sample_id") && (slices.ContainsFunc(columns, own) || !slices.ContainsFunc(columns, foreign))
}

// noteUnused warns of options for files in other formats.
func (o *opener) noteUnused(name string) {
	if given := o.reading.Given; len(given) > 0 {
		o.feedback.note("warning: %s is a data set with columns of its own, which %s %s not change", name, strings.Join(given, ", "),
			map[bool]string{true: "does", false: "do"}[len(given) == 1])
	}
}

// kept opens the file that make makes, or has made before.
func (o *opener) kept(ctx context.Context, name string, make func(ctx context.Context, name string) (*made, error)) (*datasets.File, results.Input, error) {
	if o.reading.Files != nil {
		return o.reading.Files.open(name, o.reading.labels(), func() (*made, error) { return make(ctx, name) })
	}
	m, err := make(ctx, name)
	if err != nil {
		return nil, results.Input{}, err
	}
	f, err := datasets.OpenReaderAt(name, m.spool.reader(), m.spool.size, &m.spool)
	return f, m.input, err
}

// stdinName stands for standard input.
const stdinName = "-"

// isPipe reports whether a path can be read only once.
func isPipe(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && !info.Mode().IsRegular()
}

// isPattern reports whether a name is a glob.
func isPattern(name string) bool { return strings.ContainsAny(name, "*?[") }

// magic begins every Parquet file.
const magic = "PAR1"

// beginsParquet reports whether a file begins like Parquet.
func beginsParquet(head []byte) bool { return bytes.HasPrefix(head, []byte(magic)) }

// headSize is the number of bytes by which files are recognized.
const headSize = 512

// headOf returns the first bytes of a file; none of a folder.
func headOf(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, named(path, err)
	}
	defer f.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if info, statErr := f.Stat(); statErr == nil && info.IsDir() || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], err
}
