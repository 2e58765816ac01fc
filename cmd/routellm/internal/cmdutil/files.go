package cmdutil

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
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

// CreateFile begins a file, and creates its folder if needed. The file appears when it is committed.
func CreateFile(path string) (*outfile.Writer, error) {
	if err := outfile.MkdirAll(filepath.Dir(path)); err != nil {
		return nil, fault.Wrap(err)
	}
	out, err := outfile.Create(path)
	return out, fault.Wrap(err)
}

// WriteFiles writes files into a folder, or to their own paths if dir is "", and creates
// folders if needed. The files appear together, once all are complete.
func WriteFiles(dir string, files []File) error {
	var out []outfile.File
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if err := outfile.MkdirAll(filepath.Dir(path)); err != nil {
			return err
		}
		out = append(out, outfile.File{Path: path, Data: f.Data})
	}
	err := outfile.WriteAll(out)
	if system := (*fs.PathError)(nil); errors.As(err, &system) {
		return fmt.Errorf("writing %q: %w", system.Path, system.Err)
	}
	return err
}

// WriteFile writes one file as [WriteFiles] does.
func WriteFile(path string, data []byte) error {
	return WriteFiles("", []File{{path, data}})
}

// WriteDataset writes a table to a Parquet file, creates its folder if needed, and reports
// the number of rows and models to w.
func WriteDataset(w io.Writer, path string, t *datasets.Table) error {
	if err := outfile.MkdirAll(filepath.Dir(path)); err != nil {
		return fault.Wrap(err)
	}
	if err := t.WriteFile(path); err != nil {
		return fault.Wrap(err)
	}
	reportDataset(w, path, t)
	return nil
}

// WriteDatasets does what WriteDataset does for several tables, in files of a folder that are
// named like the tables. They appear together.
func WriteDatasets(w io.Writer, dir string, tables []*datasets.Table) error {
	files := make([]File, len(tables))
	for i, t := range tables {
		var b bytes.Buffer
		if err := t.Write(&b); err != nil {
			return fault.Wrap(fmt.Errorf("%q: %w", t.Meta.Name, err))
		}
		files[i] = File{t.Meta.Name + ".parquet", b.Bytes()}
	}
	if err := WriteFiles(dir, files); err != nil {
		return fault.Wrap(err)
	}
	for i, t := range tables {
		reportDataset(w, filepath.Join(dir, files[i].Name), t)
	}
	return nil
}

func reportDataset(w io.Writer, path string, t *datasets.Table) {
	fmt.Fprintf(w, "%s: %s, %s\n", path, text.Plural(t.Rows(), "row"), text.Plural(countModels(t), "model"))
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
