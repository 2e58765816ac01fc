// Package audit finds defects of outcome data sets and of files of scores, and
// says what they do to the numbers that an evaluation reports. Its checks are pure
// functions of a [datasets.Table] or of scores; a check that lacks the columns that
// it looks at finds nothing.
package audit

import (
	"cmp"
	"slices"

	"github.com/routellm/routellm/datasets"
)

// Severity says how bad a finding is.
type Severity string

const (
	// Error: the data says something that cannot be.
	Error Severity = "error"
	// Warning: an evaluation may mislead.
	Warning Severity = "warning"
	// Note: worth knowing; evaluation copes with it.
	Note Severity = "note"
)

var ranks = map[Severity]int{Error: 0, Warning: 1, Note: 2}

// Finding is one defect with every row that has it.
type Finding struct {
	Code     string // stable, as in "wrong-label"
	Severity Severity
	About    string // model, task or other data set; "" for all of the file
	Message  string // one clause, lower case
	Rows     []int  // from 0, ascending
	Mend     Mend
	// Corrected is About's quality as it should be, a value a row, with [Relabel].
	Corrected []float64
}

// Mend is what to do with a finding's rows.
type Mend int

const (
	Drop    Mend = iota // leave them out
	Restore             // they are left out: count them after all
	Relabel             // give them their corrected quality
	Nothing             // the qualities do not depend on it
)

// Input is what there is to look at.
type Input struct {
	Table        *datasets.Table // as a file's Read returns it; ids may repeat, qualities lie outside their bounds
	Strong, Weak string          // the pair of models that metrics are about; "" for none
	Near         []bool          // rows with a near copy of their prompt elsewhere; nil: not looked for
	Training     []Prompts       // what routers are trained on
	Answers      *datasets.Answers
	Scores       []Scores // of routers, a score a row
}

// Prompts are the prompts of another data set.
type Prompts struct {
	Name  string
	Norms []string // prompt_norm_sha256
	Near  []bool   // rows of the audited table with a near copy there; nil: not looked for
}

// Scores are one router's.
type Scores struct {
	Router string
	Values []float64
}

// Data returns every finding on a data set: errors first, in the order of the checks.
func Data(in Input) []Finding {
	var all []Finding
	for _, check := range []func(Input) []Finding{
		repeatedIDs, repeatedPrompts, conflicts, splitClusters, variants, nearCopies,
		contaminated, training,
		outOfRange, notMeasured, turns, oneSided,
		unanswered, wrongLabels,
		negative, constantCounts, missingCounts, zeroCosts, totals,
		winners, routerScores,
	} {
		all = append(all, check(in)...)
	}
	sortFindings(all)
	return all
}

func sortFindings(all []Finding) {
	slices.SortStableFunc(all, func(a, b Finding) int { return cmp.Compare(ranks[a.Severity], ranks[b.Severity]) })
}

// rowsWhere lists the rows, from 0 to n - 1, for which is holds.
func rowsWhere(n int, is func(i int) bool) []int {
	var rows []int
	for i := range n {
		if is(i) {
			rows = append(rows, i)
		}
	}
	return rows
}

// some is the finding as a list, empty if it has no rows.
func some(f Finding) []Finding {
	if len(f.Rows) == 0 {
		return nil
	}
	return []Finding{f}
}
