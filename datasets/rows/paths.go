package rows

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/routellm/routellm/internal/hint"
)

// stdinPath stands for standard input.
const stdinPath = "-"

// resolved is one file of a table.
type resolved struct {
	path string
	hive []hiveColumn
}

// Part is one file of those that a path stands for.
type Part struct {
	Path string
	Name string // path below the folder, or below the part of a pattern without wildcards
}

// Parts lists the files that a path stands for, sorted: a file, a folder with tables, or a pattern.
func Parts(path string) ([]Part, error) {
	files, err := resolve(path)
	if err != nil {
		return nil, err
	}
	base := filepath.Dir(path)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		base = path
	} else if err != nil {
		base, _ = doublestar.SplitPattern(filepath.ToSlash(path))
	}
	out := make([]Part, len(files))
	for i, f := range files {
		name, err := filepath.Rel(filepath.FromSlash(base), f.path)
		if err != nil {
			return nil, fileError(f.path, err)
		}
		out[i] = Part{f.path, name}
	}
	return out, nil
}

// resolve lists the files that a path stands for. A file or folder of that very name comes
// before a glob.
func resolve(path string) ([]resolved, error) {
	if path == stdinPath {
		return []resolved{{path: path}}, nil
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return folder(path)
	case err == nil:
		return []resolved{{path: path}}, nil
	case strings.ContainsAny(path, "*?[{") && errors.Is(err, fs.ErrNotExist):
		return glob(path)
	}
	return nil, fileError(path, err)
}

// folder lists the files of a folder and of its folders that have a table's extension, sorted.
func folder(dir string) ([]resolved, error) {
	var out []resolved
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fileError(path, errors.Unwrap(err))
		case path != dir && ignored(d.Name()) && d.IsDir():
			return fs.SkipDir
		case d.IsDir() || ignored(d.Name()) || !tableName(d.Name()):
			return nil
		}
		out = append(out, resolved{path, hiveColumns(dir, path)})
		return nil
	})
	if err == nil && len(out) == 0 {
		err = hint.With(fmt.Errorf("%q: no table in the folder, expected files such as part-0.parquet or part-0.csv", dir), "name a file, or a glob such as \"FOLDER/*\"")
	}
	return out, err
}

// ignored reports whether a file or folder is hidden or a marker of Spark.
func ignored(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || strings.HasSuffix(name, ".crc")
}

// tableName reports whether a file's name has an extension of a format, or none at all.
func tableName(name string) bool {
	name = strings.ToLower(name)
	for _, codec := range []string{".gz", ".zst", ".zstd"} {
		name = strings.TrimSuffix(name, codec)
	}
	for _, f := range formats() {
		if slices.Contains(f.extensions, filepath.Ext(name)) {
			return true
		}
	}
	return false
}

// glob lists the files that match a pattern, sorted.
func glob(pattern string) ([]resolved, error) {
	paths, err := doublestar.FilepathGlob(pattern, doublestar.WithFilesOnly(), doublestar.WithFailOnIOErrors())
	if err != nil {
		return nil, fileError(pattern, err)
	}
	base, _ := doublestar.SplitPattern(filepath.ToSlash(pattern))
	slices.Sort(paths)
	var out []resolved
	for _, path := range paths {
		if !ignored(filepath.Base(path)) {
			out = append(out, resolved{path, hiveColumns(filepath.FromSlash(base), path)})
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%q: no such file, and no file matches the pattern", pattern)
	}
	return out, nil
}

// open opens the file. What cannot be read twice, such as standard input and named pipes, is
// copied into a temporary file first.
func (r resolved) open(ctx context.Context, o Options) (*file, error) {
	if r.path == stdinPath {
		if o.Stdin == nil {
			return nil, errors.New("there is no standard input to read")
		}
		var read int64
		return spooled(ctx, stdinName, &counter{ctx, o.Stdin, &read})
	}
	info, err := os.Stat(r.path)
	if err != nil {
		return nil, fileError(r.path, err)
	}
	if info.Mode().IsRegular() {
		f, err := openFile(ctx, r.path, r.path)
		if err == nil {
			f.hive = r.hive
		}
		return f, err
	}
	in, err := os.Open(r.path)
	if err != nil {
		return nil, fileError(r.path, err)
	}
	defer in.Close()
	var read int64
	return spooled(ctx, r.path, &counter{ctx, in, &read})
}

// spooled opens a copy of a stream.
func spooled(ctx context.Context, name string, r *counter) (*file, error) {
	path, _, remove, err := spool(r)
	if err != nil {
		return nil, fileError(name, err)
	}
	f, err := openFile(ctx, name, path)
	if err != nil {
		remove()
		return nil, err
	}
	f.remove = append(f.remove, remove)
	return f, nil
}
