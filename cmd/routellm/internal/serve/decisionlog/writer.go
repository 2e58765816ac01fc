package decisionlog

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/DeRuina/timberjack"

	"github.com/routellm/routellm/results"
)

// Log is a decision log open for appending. It is safe for concurrent use.
type Log struct {
	file   *timberjack.Logger
	secret []byte // for Digest
}

// Open opens or creates a log for appending. At maxMB megabytes the log is renamed, with
// the time in its name, and a new file begins; the keep newest renamed files are kept, or
// all if keep is 0. The secret for [Log.Digest] lies beside the log, in a file with the same name
// and ".key", which Open creates if needed. If the log ends with an incomplete line, which a killed process left,
// Open starts a new file.
func Open(path string, maxMB, keep int) (*Log, error) {
	l := &Log{file: &timberjack.Logger{Filename: path, MaxSize: maxMB, MaxBackups: keep, FileMode: 0o600}}
	torn, err := endsTorn(path)
	if err != nil {
		return nil, err
	}
	if torn {
		err = l.file.Rotate()
	} else {
		_, err = l.file.Write(nil) // reports now, not later, that the path cannot be written
	}
	if err == nil {
		l.secret, err = openSecret(secretPath(path))
	}
	return l, err
}

// CheckPath returns the error with which [Open] would fail for a path, and creates no file.
func CheckPath(path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.Mode()&os.ModeNamedPipe != 0:
		return &os.PathError{Op: "open", Path: path, Err: errors.New("is a pipe, expected a file")} // opening it could block forever
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

// checkFolder returns an error unless files can be created in a folder or, if it does not
// exist, in the nearest folder above it.
func checkFolder(dir string) error {
	if _, err := os.Stat(dir); os.IsNotExist(err) && dir != filepath.Dir(dir) {
		return checkFolder(filepath.Dir(dir)) // Open creates the missing folders
	}
	f, err := os.CreateTemp(dir, ".routellm-check-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// endsTorn reports whether a file ends with an incomplete line.
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

// Write appends a record and hands it to the operating system before it returns.
func (l *Log) Write(r *Record) error {
	r.SchemaVersion = results.SchemaVersion
	return l.writeLine(r)
}

// writeLine appends a line of JSON.
func (l *Log) writeLine(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	n, err := l.file.Write(append(line, '\n'))
	if err != nil && n > 0 { // the disk is full in the middle of a line
		_ = l.file.Rotate()
	}
	return err
}

// Close closes the log's file.
func (l *Log) Close() error { return l.file.Close() }
