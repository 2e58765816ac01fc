package decisionlog

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// Read calls each with every record of a log file, as [Lines.Read] does.
func Read(path string, each func(Record) error) (torn bool, err error) {
	return Lines{Record: func(r *Record) error { return each(*r) }}.Read(path)
}

// Lines says what to do with the lines of logs. A function that is nil ignores its kind of line.
type Lines struct {
	Record   func(*Record) error   // valid until it returns
	Feedback func(*Feedback) error // may be kept
	Bytes    func(n int) error     // is told how many bytes of the file have been read since the last call
}

// Read reads the log file at path as [Lines.ReadFile] does.
func (l Lines) Read(path string) (torn bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("%q: %w", path, fault.Cause(err))
	}
	defer f.Close()
	return l.ReadFile(f)
}

// ReadFile reads a log file from where it is; a file named *.gz is decompressed. It reports in
// torn whether the file ends within a line, which it skips. For any other line that is neither a
// record nor feedback, and for an error from a function, it returns an error that names the row.
func (l Lines) ReadFile(f *os.File) (torn bool, err error) {
	var in io.Reader = &counted{f, l.Bytes}
	if filepath.Ext(f.Name()) == ".gz" {
		if in, err = gzip.NewReader(in); err != nil {
			return false, fmt.Errorf("%q: %w", f.Name(), fault.Cause(err))
		}
	}
	lines := bufio.NewReaderSize(in, 1<<16)
	for row := 1; ; row++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return len(line) > 0, nil
		}
		if err == nil {
			err = l.take(line)
		}
		if err != nil {
			return false, fmt.Errorf("%q: row %d: %w", f.Name(), row, fault.Cause(err))
		}
	}
}

// counted is a file that tells how many bytes are read.
type counted struct {
	io.Reader
	tell func(n int) error
}

// Read reads from the file.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if c.tell != nil {
		if stop := c.tell(n); stop != nil {
			return n, stop
		}
	}
	return n, err
}

// take hands one line to the function for its kind.
func (l Lines) take(raw []byte) error {
	if l.Record == nil && !bytes.Contains(raw, []byte(`"feedback"`)) {
		return nil // most lines: they are read again for their records
	}
	line, err := parse(raw)
	switch {
	case err != nil:
		return err
	case line.Feedback != nil && l.Feedback != nil:
		return l.Feedback(line.Feedback)
	case line.Feedback == nil && l.Record != nil:
		return l.Record(&line.Record)
	}
	return nil
}

// line is one line of a log, of either kind.
type line struct {
	Version  *int      `json:"schema_version"` // nil in version 1, which did not write it
	Micros   float64   `json:"decision_us"`    // microseconds in version 1
	Feedback *Feedback `json:"feedback"`
	Record
}

// parse reads a line. It ignores unknown fields, which a later version may have written.
func parse(raw []byte) (*line, error) {
	l := &line{Record: Record{Decision: results.Decision{Score: results.Missing, Threshold: results.Threshold{Score: results.Missing}}}}
	if err := json.Unmarshal(raw, l); err != nil {
		return nil, hint.With(errors.New("expected a record of the decision log, a JSON object"), "a crash can cut off the end of a line: if that is so here, remove the line")
	}
	switch {
	case l.Version == nil:
		l.upgrade(l.Micros)
	case *l.Version != Version:
		return nil, fmt.Errorf(`field "schema_version": found %d, expected %d`, *l.Version, Version)
	}
	l.SchemaVersion = Version
	if l.Feedback != nil {
		return l, l.Feedback.parsed()
	}
	return l, l.Record.check()
}

// check returns an error for a field without which a record is useless.
func (r *Record) check() error {
	switch {
	case r.ID == "":
		return errors.New(`field "id": found nothing, expected a string`)
	case r.Time.Equal(time.Time{}):
		return errors.New(`field "time": found nothing, expected a time`)
	case r.PoolDecision != nil && r.Model == "":
		return errors.New(`field "model": found nothing, expected a string`)
	case r.PoolDecision == nil && r.Side != results.Strong && r.Side != results.Weak:
		return fmt.Errorf(`field "decision": found %q, expected "strong" or "weak"`, r.Side)
	case !(r.Propensity > 0 && r.Propensity <= 1):
		return fmt.Errorf(`field "propensity": found %v, expected a number in (0,1]`, r.Propensity)
	}
	return nil
}

// upgrade turns a record of schema version 1, which did not say so, into one of the
// current version. Its threshold was absent for never strong and the lowest number for
// always strong, and its model was the one that answered.
func (r *Record) upgrade(micros float64) {
	r.Microseconds = micros
	switch t := r.Threshold.Score; {
	case !t.Exists():
		r.Threshold = results.ThresholdAt(math.Inf(1))
	case t == -math.MaxFloat64:
		r.Threshold = results.ThresholdAt(math.Inf(-1))
	}
	if r.AnsweredModel = r.Model; r.Answered != r.Side {
		r.Model = ""
	}
}
