package eval

import "testing"

// ReportRow is one row of the report of a package that imports this one.
type ReportRow struct {
	Labels string
	Count  func(runs int) []int
	Want   []int // what Count returns for 100 runs
}

// Report is a report of a package that imports this one.
type Report struct{ r report }

// NewReport returns a report for a table of docs/metrics.md.
func NewReport(name string, labels int, header []string, within func(column int, percent float64) bool, rows []ReportRow) Report {
	r := report{document: "../docs/metrics.md", name: name, labels: labels, header: header, within: within}
	for _, x := range rows {
		r.regimes = append(r.regimes, regime{x.Labels, x.Count, x.Want})
	}
	return Report{r}
}

// Runs returns the report with another number of simulated runs per number.
func (r Report) Runs(n int) Report {
	r.r.runs = n
	return r
}

// In returns the report for a table of another document.
func (r Report) In(document string) Report {
	r.r.document = document
	return r
}

// Check holds the counts at few runs, and what the table promises.
func (r Report) Check(t *testing.T) { r.r.check(t) }

// Write simulates the whole report.
func (r Report) Write(t *testing.T) { r.r.write(t) }
