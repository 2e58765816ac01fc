package harness

import (
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/results"
)

// mends names what a correction does with the rows of a finding.
var mends = map[audit.Mend]string{audit.Drop: "leave out", audit.Restore: "count", audit.Relabel: "correct"}

// findingOf converts a finding, with its first rows (all if first is 0) and its effect on
// the metrics of in if it has one. ids has one sample id per row.
func findingOf(in audit.Input, f audit.Finding, ids []string, first int) results.AuditFinding {
	out := results.AuditFinding{Code: f.Code, Severity: string(f.Severity), About: f.About, Message: f.Message, Count: len(f.Rows)}
	if s := f.Share; s != nil {
		out.Share = &results.Metric{Value: results.Value(s.Value), Lo: results.Value(s.Lo), Hi: results.Value(s.Hi)}
	}
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
		out.Effect = &results.AuditEffect{Mend: mends[f.Mend], Before: auditNumbers(in, e.Before), After: auditNumbers(in, e.After)}
	}
	return out
}

// auditNumbers converts the metrics of the data, and the APGR of each router.
func auditNumbers(in audit.Input, n audit.Numbers) results.AuditNumbers {
	out := results.AuditNumbers{
		Samples: n.Samples, StrongQuality: results.Value(n.Strong), WeakQuality: results.Value(n.Weak), Gap: results.Value(n.Gap()), GapSE: results.Value(n.GapSE),
		OracleAPGR: results.Value(n.Oracle), APGR: map[string]results.Value{},
	}
	for i, s := range in.Scores {
		out.APGR[s.Router] = results.Value(n.APGR[i])
	}
	return out
}
