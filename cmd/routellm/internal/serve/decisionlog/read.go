package decisionlog

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Read calls each with every record of a log file; a file named *.gz is decompressed. It
// reports in torn whether the file ends within a line, which it skips. For any other line
// that is not a record, and for an error from each, it returns an error that names the row.
func Read(path string, each func(Record) error) (torn bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var in io.Reader = f
	if filepath.Ext(path) == ".gz" {
		if in, err = gzip.NewReader(f); err != nil {
			return false, fmt.Errorf("%q: %w", path, err)
		}
	}
	lines := bufio.NewReaderSize(in, 1<<16)
	for row := 1; ; row++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return len(line) > 0, nil
		}
		if err != nil {
			return false, fmt.Errorf("%q: row %d: %w", path, row, err)
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

// parse reads a line. It ignores unknown fields, which a later version may have written.
func parse(line []byte) (Record, error) {
	var r Record
	if err := json.Unmarshal(bytes.TrimSpace(line), &r); err != nil {
		return r, errors.New("expected a record of the decision log, a JSON object")
	}
	switch {
	case r.ID == "":
		return r, errors.New(`field "id": found nothing, expected a string`)
	case r.Time.Equal(time.Time{}):
		return r, errors.New(`field "time": found nothing, expected a time`)
	case r.Decision != "strong" && r.Decision != "weak":
		return r, fmt.Errorf(`field "decision": found %q, expected "strong" or "weak"`, r.Decision)
	case !(r.Propensity > 0 && r.Propensity <= 1):
		return r, fmt.Errorf(`field "propensity": found %v, expected a number in (0,1]`, r.Propensity)
	}
	return r, nil
}
