package results

import "io"

// Audit is what was found in data sets and files of scores.
type Audit struct {
	SchemaVersion int           `json:"schema_version"`
	Tool          Tool          `json:"tool"`
	Files         []AuditedFile `json:"files"`
}

// AuditedFile is one of them.
type AuditedFile struct {
	Name       string         `json:"name"`
	Input      Input          `json:"input"`
	Kind       string         `json:"kind"` // "data", "scores" or "decisions"
	Rows       int            `json:"rows"`
	Unit       string         `json:"unit"`        // of quality
	Pair       Pair           `json:"pair"`        // that effects are about; empty names where there is none
	NotChecked []string       `json:"not_checked"` // what the file lacks the columns for
	Findings   []AuditFinding `json:"findings"`
}

// AuditFinding is one defect.
type AuditFinding struct {
	Code     string       `json:"code"`
	Severity string       `json:"severity"` // "error", "warning" or "note"
	About    string       `json:"about"`    // model, router or other data set; "" for the whole file
	Message  string       `json:"message"`
	Count    int          `json:"count"`      // rows that have it
	Rows     []int        `json:"rows"`       // the first of them, from 1
	IDs      []string     `json:"sample_ids"` // of the first of them
	Effect   *AuditEffect `json:"effect"`     // null where the metrics do not depend on it
}

// AuditEffect is what mending does to the metrics.
type AuditEffect struct {
	Mend   string       `json:"mend"` // "leave out", "count" or "correct"
	Before AuditNumbers `json:"before"`
	After  AuditNumbers `json:"after"`
}

// AuditNumbers are the metrics of one state of the data.
type AuditNumbers struct {
	Samples       int              `json:"samples"`
	StrongQuality Value            `json:"strong_quality"`
	WeakQuality   Value            `json:"weak_quality"`
	Gap           Value            `json:"gap"`
	GapSE         Value            `json:"gap_se"`
	OracleAPGR    Value            `json:"oracle_apgr"`
	APGR          map[string]Value `json:"apgr"` // by router
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
