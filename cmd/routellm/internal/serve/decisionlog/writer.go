package decisionlog

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/DeRuina/timberjack"
	"github.com/gofrs/flock"
)

// Log is a decision log open for appending. It is safe for concurrent use.
type Log struct {
	path   string
	lock   *flock.Flock
	secret []byte // key of the digests

	mu   sync.Mutex
	file *timberjack.Logger
	new  func() *timberjack.Logger
}

// Open opens or creates a log for appending, and locks it against other processes. At maxMB
// megabytes the log is renamed, with the time in its name, and a new file begins; the keep
// newest renamed files are kept, or all if keep is 0. The secret for [Log.Digest] lies beside the
// log, in a file with the same name and ".key", which Open creates if needed. If the log ends with
// an incomplete line, which a killed process left, Open starts a new file.
func Open(path string, maxMB, keep int) (*Log, error) {
	held, err := lock(path)
	if err != nil {
		return nil, err
	}
	l := &Log{path: path, lock: held, new: func() *timberjack.Logger {
		return &timberjack.Logger{Filename: path, MaxSize: maxMB, MaxBackups: keep, FileMode: 0o600}
	}}
	l.file = l.new()
	if err := l.begin(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// begin opens the file, so that errors show now and not later.
func (l *Log) begin() error {
	torn, err := endsTorn(l.path)
	if err != nil {
		return err
	}
	if torn {
		err = l.file.Rotate()
	} else {
		_, err = l.file.Write(nil)
	}
	if err == nil {
		l.secret, err = openSecret(secretPath(l.path))
	}
	return err
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
		_, unlocked := os.Stat(lockPath(path))
		_, secretless := os.Stat(secretPath(path))
		if errors.Join(unlocked, secretless) == nil {
			return f.Close()
		}
		return errors.Join(f.Close(), checkFolder(filepath.Dir(path)))
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
	r.SchemaVersion = Version
	return l.writeLine(r)
}

// writeLine appends a line of JSON.
func (l *Log) writeLine(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.file.Write(append(line, '\n'))
	if err != nil && n > 0 { // the disk is full in the middle of a line
		l.cut(n)
	}
	return err
}

// cut removes the last n bytes, which are the beginning of a line. A new file instead would
// count among those to keep, and push out older ones.
func (l *Log) cut(n int) {
	info, err := os.Stat(l.path)
	if err == nil {
		_ = l.file.Close()
		l.file = l.new() // opens the file again at its end
		err = os.Truncate(l.path, info.Size()-int64(n))
	}
	if err != nil {
		_ = l.file.Rotate()
	}
}

// Close closes the log's file and frees the lock.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(l.file.Close(), l.lock.Close())
}
