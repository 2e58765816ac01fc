package importers

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/outfile"
)

// find expands paths to the tool's files. A folder may hold other files too, which are passed
// over; a file that is named and is not the tool's is an error.
func (in *input) find(paths []string) error {
	if len(paths) == 0 {
		return fmt.Errorf("no files, expected %s", in.tool.Files)
	}
	for _, path := range paths {
		found, named, err := expand(path)
		if err != nil {
			return err
		}
		n := len(in.files)
		for _, p := range found {
			if err := in.ctx.Err(); err != nil {
				return err
			}
			if err := in.add(p, named); err != nil {
				return err
			}
		}
		if len(in.files) == n {
			return in.notOurs(path, "no files")
		}
	}
	slices.SortFunc(in.files, func(a, b *file) int { return strings.Compare(a.path, b.path) })
	in.files = slices.CompactFunc(in.files, func(a, b *file) bool { return a.path == b.path })
	in.used = map[*file]bool{}
	return nil
}

func (in *input) notOurs(path, found string) error {
	err := fmt.Errorf("%q: found %s of %s, expected %s", path, found, in.tool.Name, in.tool.Files)
	if t, ok := in.detect(path); ok {
		return hint.With(err, "these are files of "+t.Name+": routellm datasets import "+t.Name)
	}
	return hint.With(err, "tables of other programs: routellm datasets import table")
}

// add adds a file if it is the tool's.
func (in *input) add(path string, named bool) error {
	f := &file{path: path, at: path}
	if err := in.spool(f); err != nil {
		return err
	}
	p, err := look(f.at)
	if err != nil {
		return err
	}
	p.path, p.name = path, filepath.Base(path)
	for _, k := range in.tool.kinds {
		if k.match(p) {
			f.kind = k.name
			in.files = append(in.files, f)
			return nil
		}
	}
	if named {
		return in.notOurs(path, "no file")
	}
	return nil
}

// spool copies what can be read once only, such as a pipe, to a temporary file.
func (in *input) spool(f *file) error {
	info, err := os.Stat(f.path)
	if err != nil {
		return fileError(f.path, err)
	}
	if f.size = info.Size(); info.Mode().IsRegular() {
		return nil
	}
	pipe, err := os.Open(f.path)
	if err != nil {
		return fileError(f.path, err)
	}
	defer pipe.Close()
	dir, remove, err := outfile.TempDir("routellm-import-")
	if err != nil {
		return err
	}
	in.temps = append(in.temps, remove)
	f.at = filepath.Join(dir, filepath.Base(f.path))
	to, err := os.Create(f.at)
	if err != nil {
		return err
	}
	defer to.Close()
	if f.size, err = io.Copy(to, contextReader{in.ctx, pipe}); err != nil {
		return fileError(f.path, err)
	}
	return to.Close()
}

func (in *input) close() {
	for _, remove := range in.temps {
		remove()
	}
}

// expand lists the files that a path stands for, sorted: the file itself, all files of a folder
// and its folders, or what a glob matches. named tells whether the user named each file.
func expand(path string) (files []string, named bool, err error) {
	info, err := os.Stat(path)
	if err != nil {
		matches, globErr := filepath.Glob(path)
		if globErr != nil || len(matches) == 0 {
			return nil, false, fileError(path, err)
		}
		for _, m := range matches {
			more, _, err := expand(m)
			if err != nil {
				return nil, false, err
			}
			files = append(files, more...)
		}
		return files, false, nil
	}
	if !info.IsDir() {
		return []string{path}, true, nil
	}
	files, err = below(path, 0)
	return files, false, err
}

// below lists the regular files below a folder, at most limit if that is above 0. Hidden files
// and folders are passed over; links to files are followed, links to folders are not.
func below(folder string, limit int) (files []string, err error) {
	err = fs.WalkDir(os.DirFS(folder), ".", func(path string, d fs.DirEntry, err error) error {
		switch full := filepath.Join(folder, filepath.FromSlash(path)); {
		case err != nil:
			return err
		case path != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
		case isFile(full, d):
			files = append(files, full)
		}
		if limit > 0 && len(files) == limit {
			return fs.SkipAll
		}
		return nil
	})
	if err != nil {
		return nil, fileError(folder, err)
	}
	return files, nil
}

func isFile(path string, d fs.DirEntry) bool {
	if d.Type()&fs.ModeSymlink == 0 {
		return d.Type().IsRegular()
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// fileError names the file as the user does, once.
func fileError(path string, err error) error { return fmt.Errorf("%q: %w", path, fault.Cause(err)) }
