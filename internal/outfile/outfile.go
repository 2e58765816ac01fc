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
