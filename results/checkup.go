package results

import "io"

// CheckStatus says how one check ended.
type CheckStatus string

// The ways in which a check ends. A warning is no problem, and a note is neither good nor bad.
const (
	OK      CheckStatus = "ok"
	Note    CheckStatus = "note"
	Warning CheckStatus = "warning"
	Problem CheckStatus = "problem"
)

// Checkup says what doctor found on a machine. Unlike the other documents it differs from machine to
// machine, and from run to run.
type Checkup struct {
	SchemaVersion int           `json:"schema_version"`
	Tool          Tool          `json:"tool"`
	Checks        []CheckupItem `json:"checks"`
}

// CheckupItem is one check.
type CheckupItem struct {
	Name   string      `json:"name"`
	Status CheckStatus `json:"status"`
	Found  string      `json:"found"`
	Advice string      `json:"advice,omitempty"` // says what to do
}

// Count returns the number of checks that ended in a way.
func (c *Checkup) Count(status CheckStatus) (n int) {
	for _, x := range c.Checks {
		if x.Status == status {
			n++
		}
	}
	return n
}

// Write writes the document as JSON.
func (c *Checkup) Write(w io.Writer) error { return writeJSON(w, c) }
