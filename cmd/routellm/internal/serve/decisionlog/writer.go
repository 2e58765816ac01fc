package decisionlog

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/DeRuina/timberjack"
)

// Log is an open log. It is safe for concurrent use.
type Log struct{ file *timberjack.Logger }

// Open opens a log for appending. It is rotated at maxMB megabytes, under a name with
// the time, and keep old files stay, all of them for 0. A line that a killed process
// left unfinished stays the last of its file.
func Open(path string, maxMB, keep int) (*Log, error) {
	l := &Log{&timberjack.Logger{Filename: path, MaxSize: maxMB, MaxBackups: keep, FileMode: 0o600}}
	torn, err := endsTorn(path)
	if err != nil {
		return nil, err
	}
	if torn {
		return l, l.file.Rotate()
	}
	_, err = l.file.Write(nil) // a path that cannot be written is said now
	return l, err
}

// CheckPath reports whether Open could write to a file, and leaves nothing behind.
func CheckPath(path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.Mode()&os.ModeNamedPipe != 0:
		return &os.PathError{Op: "open", Path: path, Err: errors.New("is a pipe")} // opening it could wait for ever
	case err == nil:
		f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
		if err != nil {
			return err
		}
		return f.Close()
	case !os.IsNotExist(err):
		return err
	}
	return checkFolder(filepath.Dir(path))
}

// checkFolder reports whether a folder, or the first above it that is there, takes files.
func checkFolder(dir string) error {
	if _, err := os.Stat(dir); os.IsNotExist(err) && dir != filepath.Dir(dir) {
		return checkFolder(filepath.Dir(dir)) // Open makes those below
	}
	f, err := os.CreateTemp(dir, ".routellm-check-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// endsTorn reports whether a file ends within a line.
func endsTorn(path string) (bool, error) {
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil || size == 0 {
		return false, err
	}
	last := make([]byte, 1)
	_, err = f.ReadAt(last, size-1)
	return last[0] != '\n', err
}

// Write appends a record. It reaches the operating system before Write returns.
func (l *Log) Write(r *Record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	n, err := l.file.Write(append(line, '\n'))
	if err != nil && n > 0 { // a full disk, in the middle of a line
		_ = l.file.Rotate()
	}
	return err
}

// Close closes the file.
func (l *Log) Close() error { return l.file.Close() }
