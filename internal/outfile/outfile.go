// Package outfile writes files that appear only once they are complete. [Stop] ends that: after
// it no file appears, and what is unfinished is removed, so that an interrupted program leaves
// nothing behind. Its state is the process's, because so is a signal.
package outfile

import (
	"errors"
	"os"
	"sync"
)

// ErrStopped is the error of files that were not written because of [Stop].
var ErrStopped = errors.New("interrupted")

// perm holds the permissions of a new file, before the umask.
const perm = 0o644

// File is a file to write.
type File struct {
	Path string
	Data []byte
}

// Write writes a file, whose folder must exist, or replaces its content.
func Write(path string, data []byte) error { return WriteAll([]File{{path, data}}) }

// WriteAll writes several files, whose folders must exist. They appear together: if one cannot
// be written, or if [Stop] comes first, there is none. An error of the system is an
// [*os.PathError] with the path that was given.
func WriteAll(files []File) error {
	var staged []*pending
	defer func() {
		for _, p := range staged {
			p.discard()
		}
	}()
	for _, f := range files {
		p, err := stage(f)
		if err != nil {
			return named(f.Path, err)
		}
		staged = append(staged, p)
	}
	return commit(staged)
}

// commit renames complete files to their final names, all of them or, after Stop, none.
func commit(staged []*pending) error {
	state.Lock()
	defer state.Unlock()
	if state.stopped {
		return ErrStopped
	}
	for _, p := range staged {
		if err := p.replace(); err != nil {
			return named(p.path, err)
		}
	}
	return nil
}

// named returns a system's error with the file's final name in place of the temporary one.
func named(path string, err error) error {
	var file *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &file):
		return &os.PathError{Op: file.Op, Path: path, Err: file.Err}
	case errors.As(err, &link):
		return &os.PathError{Op: link.Op, Path: path, Err: link.Err}
	}
	return err
}

// Writer writes a file in parts. The file appears at [Writer.Commit]; until then it has a
// temporary name. Get a Writer from [Create].
type Writer struct{ staged *pending }

// Create begins a file, whose folder must exist, or its new content.
func Create(path string) (*Writer, error) {
	p, err := begin(path)
	if err != nil {
		return nil, named(path, err)
	}
	return &Writer{p}, nil
}

// Write adds data. After [Stop] it fails.
func (w *Writer) Write(data []byte) (int, error) {
	if stopped() {
		return 0, ErrStopped
	}
	n, err := w.staged.Write(data)
	return n, named(w.staged.path, err)
}

// Commit makes the complete file appear under its name.
func (w *Writer) Commit() error {
	if err := w.staged.Sync(); err != nil { // now, and not while commit keeps Stop waiting
		return named(w.staged.path, err)
	}
	return commit([]*pending{w.staged})
}

// Abort removes what was written. After Commit it does nothing, so that it can be deferred.
func (w *Writer) Abort() { w.staged.discard() }

// stage writes a file under a temporary name.
func stage(f File) (*pending, error) {
	p, err := begin(f.Path)
	if err != nil {
		return nil, err
	}
	if _, err = p.Write(f.Data); err == nil {
		err = p.Sync()
	}
	if err != nil {
		p.discard()
		return nil, err
	}
	return p, nil
}

// MkdirAll creates a folder as [os.MkdirAll] does, and none after Stop.
func MkdirAll(dir string) error {
	state.Lock()
	defer state.Unlock()
	if state.stopped {
		return ErrStopped
	}
	return os.MkdirAll(dir, 0o755)
}

// Append appends to a file, which it creates if needed.
func Append(path string, data []byte) error {
	state.Lock()
	defer state.Unlock()
	if state.stopped {
		return ErrStopped
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// TempDir creates a folder for temporary files, named by a pattern of [os.MkdirTemp]. remove
// removes it, and so does [Stop].
func TempDir(pattern string) (dir string, remove func(), err error) {
	state.Lock()
	defer state.Unlock()
	if state.stopped {
		return "", nil, ErrStopped
	}
	if dir, err = os.MkdirTemp("", pattern); err != nil {
		return "", nil, err
	}
	state.unfinished[dir] = true
	return dir, func() { discard(dir) }, nil
}

// state holds what the process has to remove when it is stopped.
var state = struct {
	sync.Mutex
	stopped    bool
	unfinished map[string]bool // paths of temporary files and folders
}{unfinished: map[string]bool{}}

func stopped() bool {
	state.Lock()
	defer state.Unlock()
	return state.stopped
}

// Stop makes every later call but Stop fail, and removes temporary files and folders. Call it
// once more when the work has ended, which may have filled a temporary folder again.
func Stop() {
	state.Lock()
	defer state.Unlock()
	state.stopped = true
	for path := range state.unfinished {
		_ = os.RemoveAll(path) // nobody is left to be told
	}
}

// discard removes a temporary file or folder.
func discard(path string) {
	state.Lock()
	defer state.Unlock()
	delete(state.unfinished, path)
	_ = os.RemoveAll(path)
}
