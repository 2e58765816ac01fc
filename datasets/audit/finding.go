package audit

import (
	"cmp"
	"slices"

	"github.com/routellm/routellm/datasets"
)

// Severity says how serious a finding is.
type Severity string

const (
	Error   Severity = "error"   // the data contradicts itself
	Warning Severity = "warning" // an evaluation of the data may mislead
	Note    Severity = "note"    // evaluation handles it correctly
)

var ranks = map[Severity]int{Error: 0, Warning: 1, Note: 2}

// Finding describes one defect and lists every row that has it.
type Finding struct {
	Code     string // stable identifier, such as "wrong-label"
	Severity Severity
	About    string // model, router or other data set that the finding concerns; "" if it concerns the whole file
	Message  string // one clause in lower case
	Rows     []int  // rows with the defect, counted from 0, ascending
	Mend     Mend   // how [Measure] removes the defect
	// Corrected holds the corrected qualities of the model About, one per row, if Mend is
	// [Relabel].
	Corrected []float64
	Share     *Share // share of the rows that have the defect, with its interval; nil if it is not asked for
}

// Mend says how to remove a defect from the rows of a finding.
type Mend int

const (
	Drop    Mend = iota // exclude the rows
	Restore             // include the rows, which evaluation excludes
	Relabel             // replace the qualities by [Finding.Corrected]
	Nothing             // change nothing, because metrics do not depend on the defect
)

// Input holds the data to check. All fields but Table are optional.
type Input struct {
	Table        *datasets.Table   // read with Select.Unchecked, so that repeated ids and qualities out of bounds reach the checks
	Strong, Weak string            // pair of models that the metrics compare; "" if there is none
	Near         []bool            // whether another row has a near-duplicate of the row's prompt; nil if unknown
	Training     []Prompts         // training data of the routers
	Answers      *datasets.Answers // stored answers of the models
	Scores       []Scores          // scores of routers, one per row of Table
	Unlike       []Unlike          // prompts that are unlike those that routers were trained on
}

// Prompts holds the prompts of another data set.
type Prompts struct {
	Name  string   // name of the data set
	Norms []string // prompt_norm_sha256 of its prompts
	Near  []bool   // whether it has a near-duplicate of the prompt in a row of Input.Table; nil if unknown
	Copy  []bool   // whether the row's prompt holds one of its prompts in another format, or is held in one; nil if unknown
}

// Scores holds the scores of one router.
type Scores struct {
	Router string
	Values []float64 // one score per row
}

func sortFindings(all []Finding) {
	slices.SortStableFunc(all, func(a, b Finding) int { return cmp.Compare(ranks[a.Severity], ranks[b.Severity]) })
}

// rowsWhere returns the rows from 0 to n-1 for which match returns true.
func rowsWhere(n int, match func(i int) bool) []int {
	var rows []int
	for i := range n {
		if match(i) {
			rows = append(rows, i)
		}
	}
	return rows
}

// ifAny returns the finding as a list, or nil if no row has the defect.
func ifAny(f Finding) []Finding {
	if len(f.Rows) == 0 {
		return nil
	}
	return []Finding{f}
}
