package cmdutil

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/internal/text"
)

// File is a file to write.
type File struct {
	Name string // path below the output folder
	Data []byte
}

// WriteFiles writes files into a folder, which it creates if needed. The files appear
// together, once all are complete.
func WriteFiles(dir string, files []File) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var out []outfile.File
	for _, f := range files {
		out = append(out, outfile.File{Path: filepath.Join(dir, f.Name), Data: f.Data})
	}
	err := outfile.WriteAll(out)
	if system := (*fs.PathError)(nil); errors.As(err, &system) {
		return fmt.Errorf("writing %q: %w", system.Path, system.Err)
	}
	return err
}

// WriteFile writes one file as [WriteFiles] does.
func WriteFile(path string, data []byte) error {
	return WriteFiles(filepath.Dir(path), []File{{filepath.Base(path), data}})
}

// WriteDataset writes a table to a Parquet file, creates its folder if needed, and reports
// the number of rows and models to w.
func WriteDataset(w io.Writer, path string, t *datasets.Table) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fault.Wrap(err)
	}
	if err := t.WriteFile(path); err != nil {
		return fault.Wrap(err)
	}
	fmt.Fprintf(w, "%s: %s rows, %d models\n", path, text.Thousands(t.Rows()), countModels(t))
	return nil
}

// countModels returns the number of models that have qualities or took part in battles.
func countModels(t *datasets.Table) int {
	names := map[string]bool{}
	for _, c := range t.Quality {
		names[c.Name] = true
	}
	for _, name := range slices.Concat(t.ModelA, t.ModelB) {
		names[name] = true
	}
	return len(names)
}
