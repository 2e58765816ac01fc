package results

import "io"

// Audit holds the defects found in data sets and in files of scores or decisions.
type Audit struct {
	SchemaVersion int           `json:"schema_version"`
	Tool          Tool          `json:"tool"`
	Files         []AuditedFile `json:"files"`
}

// AuditedFile holds the findings in one file.
type AuditedFile struct {
	Name       string         `json:"name"`
	Input      Input          `json:"input"`
	Kind       string         `json:"kind"` // "data", "scores" or "decisions"
	Rows       int            `json:"rows"`
	Unit       string         `json:"unit"`        // unit of quality
	Pair       Pair           `json:"pair"`        // the pair that effects are computed for; empty names without one
	NotChecked []string       `json:"not_checked"` // checks that were not made, or not in full, and why
	Findings   []AuditFinding `json:"findings"`
}

// AuditFinding is one defect.
type AuditFinding struct {
	Code     string       `json:"code"`
	Severity string       `json:"severity"` // "error", "warning" or "note"
	About    string       `json:"about"`    // the model, router or other data set concerned; "" for the whole file
	Message  string       `json:"message"`
	Count    int          `json:"count"`           // number of rows concerned
	Rows     []int        `json:"rows"`            // the first rows concerned, counted from 1
	IDs      []string     `json:"sample_ids"`      // the ids of these rows
	Share    *Metric      `json:"share,omitempty"` // share of the rows, with its 95 % interval; only of "unlike-prompt"
	Effect   *AuditEffect `json:"effect"`          // null if the metrics do not depend on it
}

// AuditEffect compares the metrics before and after a defect is mended.
type AuditEffect struct {
	Mend   string       `json:"mend"` // "leave out", "count" or "correct"
	Before AuditNumbers `json:"before"`
	After  AuditNumbers `json:"after"`
}

// AuditNumbers holds the metrics of one state of the data.
type AuditNumbers struct {
	Samples       int              `json:"samples"`
	StrongQuality Value            `json:"strong_quality"`
	WeakQuality   Value            `json:"weak_quality"`
	Gap           Value            `json:"gap"`
	GapSE         Value            `json:"gap_se"`
	OracleAPGR    Value            `json:"oracle_apgr"`
	APGR          map[string]Value `json:"apgr"` // one value per router
}

// Count returns the number of findings of the severity in all files.
func (a *Audit) Count(severity string) int {
	n := 0
	for _, f := range a.Files {
		for _, finding := range f.Findings {
			if finding.Severity == severity {
				n++
			}
		}
	}
	return n
}

// Write writes the audit as JSON with one newline at the end.
func (a *Audit) Write(w io.Writer) error { return writeJSON(w, a) }
