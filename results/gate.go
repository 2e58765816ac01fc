package results

import "io"

// Gate is the verdict of a policy on a results document.
type Gate struct {
	SchemaVersion int           `json:"schema_version"`
	Tool          Tool          `json:"tool"`
	Policy        Input         `json:"policy"`
	Settings      *Input        `json:"settings,omitempty"` // file of settings, routellm.yaml, in place of flags; nil if none counts
	Results       Input         `json:"results"`
	Baseline      *Input        `json:"baseline"` // null without a baseline
	Status        string        `json:"status"`   // "pass", "fail" or "inconclusive"
	Verdicts      []RuleVerdict `json:"verdicts"`
}

// RuleVerdict is the verdict of one rule on one number.
type RuleVerdict struct {
	Rule   string `json:"rule"`   // name of the rule, or else its text
	Delta  bool   `json:"delta"`  // the number is the difference from the baseline
	Target string `json:"target"` // path of the number in the results
	Value  Value  `json:"value"`
	Op     string `json:"operator"`
	Bound  Value  `json:"bound"`
	Status string `json:"status"` // "pass", "fail", "inconclusive" or "waived"
	Reason string `json:"reason"`
}

// Count returns the number of verdicts with the status.
func (g *Gate) Count(status string) int {
	n := 0
	for _, v := range g.Verdicts {
		if v.Status == status {
			n++
		}
	}
	return n
}

// Write writes the document as JSON with one newline at the end.
func (g *Gate) Write(w io.Writer) error { return writeJSON(w, g) }
