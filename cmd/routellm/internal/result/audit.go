package result

import (
	"io"

	"github.com/routellm/routellm/datasets/audit"
)

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

var mends = map[audit.Mend]string{audit.Drop: "leave out", audit.Restore: "count", audit.Relabel: "correct"}

// NewAuditFinding converts a finding with its first rows, all if first is 0, and its
// effect on in, if there is one. ids has a sample's id a row.
func NewAuditFinding(in audit.Input, f audit.Finding, ids []string, first int) AuditFinding {
	out := AuditFinding{Code: f.Code, Severity: string(f.Severity), About: f.About, Message: f.Message, Count: len(f.Rows)}
	shown := f.Rows
	if first > 0 {
		shown = shown[:min(first, len(shown))]
	}
	for _, i := range shown {
		out.Rows, out.IDs = append(out.Rows, i+1), append(out.IDs, ids[i])
	}
	if in.Table == nil {
		return out
	}
	if e, ok := audit.Measure(in, f); ok {
		out.Effect = &AuditEffect{mends[f.Mend], auditNumbers(in, e.Before), auditNumbers(in, e.After)}
	}
	return out
}

func auditNumbers(in audit.Input, n audit.Numbers) AuditNumbers {
	out := AuditNumbers{
		Samples: n.Samples, StrongQuality: Value(n.Strong), WeakQuality: Value(n.Weak), Gap: Value(n.Gap()), GapSE: Value(n.GapSE),
		OracleAPGR: Value(n.Oracle), APGR: map[string]Value{},
	}
	for i, s := range in.Scores {
		out.APGR[s.Router] = Value(n.APGR[i])
	}
	return out
}

// Count returns the findings of a severity in all files.
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
