package decisionlog

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/routellm/routellm/results"
)

// Read calls each with every record of a log file; a file named *.gz is decompressed. It
// reports in torn whether the file ends within a line, which it skips. For any other line
// that is not a record, and for an error from each, it returns an error that names the row.
func Read(path string, each func(Record) error) (torn bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("%q: %w", path, reason(err))
	}
	defer f.Close()
	var in io.Reader = f
	if filepath.Ext(path) == ".gz" {
		if in, err = gzip.NewReader(f); err != nil {
			return false, fmt.Errorf("%q: %w", path, reason(err))
		}
	}
	lines := bufio.NewReaderSize(in, 1<<16)
	for row := 1; ; row++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return len(line) > 0, nil
		}
		if err != nil {
			return false, fmt.Errorf("%q: row %d: %w", path, row, reason(err))
		}
		r, err := parse(line)
		if err == nil {
			err = each(r)
		}
		if err != nil {
			return false, fmt.Errorf("%q: row %d: %w", path, row, err)
		}
	}
}

// reason drops the operation and the path that the operating system's error repeats.
func reason(err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// parse reads a line. It ignores unknown fields, which a later version may have written.
func parse(line []byte) (Record, error) {
	r := Record{Decision: results.Decision{Score: results.Missing, Threshold: results.Threshold{Score: results.Missing}}}
	if err := json.Unmarshal(bytes.TrimSpace(line), &r); err != nil {
		return r, errors.New("expected a record of the decision log, a JSON object")
	}
	version := struct {
		Given *int `json:"schema_version"` // nil in version 1, which did not write it
	}{}
	_ = json.Unmarshal(line, &version) // parsed before
	switch {
	case version.Given == nil:
		r.upgrade(line)
	case *version.Given != results.SchemaVersion:
		return r, fmt.Errorf(`field "schema_version": found %d, expected %d`, *version.Given, results.SchemaVersion)
	}
	switch {
	case r.ID == "":
		return r, errors.New(`field "id": found nothing, expected a string`)
	case r.Time.Equal(time.Time{}):
		return r, errors.New(`field "time": found nothing, expected a time`)
	case r.Side != results.Strong && r.Side != results.Weak:
		return r, fmt.Errorf(`field "decision": found %q, expected "strong" or "weak"`, r.Side)
	case !(r.Propensity > 0 && r.Propensity <= 1):
		return r, fmt.Errorf(`field "propensity": found %v, expected a number in (0,1]`, r.Propensity)
	}
	return r, nil
}

// upgrade turns a record of schema version 1, which did not say so, into one of the
// current version. Its threshold was absent for never strong and the lowest number for
// always strong, and its model was the one that answered.
func (r *Record) upgrade(line []byte) {
	var old struct {
		Micros float64 `json:"decision_us"`
	}
	_ = json.Unmarshal(line, &old) // parsed before
	r.SchemaVersion, r.Microseconds = results.SchemaVersion, old.Micros
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
