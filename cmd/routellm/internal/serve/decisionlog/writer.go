package decisionlog

import (
	"encoding/json"
	"io"
	"os"

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
