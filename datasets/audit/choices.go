package audit

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/datasets"
)

// Limits of the checks of choices and scores.
const (
	maxOneChoice = 0.98 // share of the most frequent choice from which it is reported
	maxTie       = 0.2  // largest share of one score that is not reported; eval warns at the same share
	minDistinct  = 20   // smallest number of distinct scores that is not reported
	minChoices   = 20   // smallest number of choices or scores that is checked
)

// winners finds battles that nearly all have the same winner, or are nearly all ties.
func winners(in Input) []Finding {
	return oneChoice(in.Table.Winner, "winner")
}

// oneChoice reports a value that nearly all choices have. what names a choice in the message.
func oneChoice(choices []string, what string) []Finding {
	times := map[string]int{}
	for _, c := range choices {
		times[c]++
	}
	for _, c := range choices {
		if n := times[c]; len(choices) >= minChoices && float64(n) >= maxOneChoice*float64(len(choices)) {
			return []Finding{{Code: "one-choice", Severity: Warning, Mend: Nothing,
				Message: fmt.Sprintf("the %s is %q in %.1f %% of the rows", what, c, 100*float64(n)/float64(len(choices))),
				Rows:    rowsWhere(len(choices), func(i int) bool { return choices[i] == c })}}
		}
	}
	return nil
}

// routerScores checks the scores of routers on a data set.
func routerScores(in Input) []Finding {
	var found []Finding
	for _, s := range in.Scores {
		for _, f := range scoreValues(s.Values) {
			f.About = s.Router
			found = append(found, f)
		}
	}
	return found
}

// File returns every finding about a file of scores.
func File(s *datasets.Scores) []Finding { return scoreValues(s.Values) }

// DecisionFile returns every finding about a file of decisions, whose values are 1 for strong
// and 0 for weak, or names of models.
func DecisionFile(s *datasets.Scores) []Finding {
	if s.Names != nil {
		return oneChoice(s.Names, "decision")
	}
	choices := make([]string, len(s.Values))
	for i, v := range s.Values {
		choices[i] = "weak"
		if v > 0 {
			choices[i] = "strong"
		}
	}
	return oneChoice(choices, "decision")
}

// scoreValues finds scores that put too few of the samples into an order.
func scoreValues(values []float64) []Finding {
	times := map[float64]int{}
	for _, v := range values {
		times[v]++
	}
	if len(values) < minChoices {
		return nil
	}
	var found []Finding
	if len(times) < minDistinct {
		found = append(found, Finding{Code: "few-scores", Severity: Warning, Mend: Nothing, Rows: rowsWhere(len(values), func(int) bool { return true }),
			Message: fmt.Sprintf("few distinct scores (%d in %d rows), so few operating points to choose from", len(times), len(values))})
	}
	common := values[0]
	for _, v := range values { // by row, because the order of the map is random
		if times[v] > times[common] {
			common = v
		}
	}
	if share := float64(times[common]) / float64(len(values)); share > maxTie {
		found = append(found, Finding{Code: "tied-scores", Severity: Warning, Mend: Nothing,
			Message: fmt.Sprintf("the score is %v in %.1f %% of the rows: these ties are broken at random", common, 100*share),
			Rows:    rowsWhere(len(values), func(i int) bool { return values[i] == common })})
	}
	return append(found, lopsided(values)...)
}

// lopsided finds win rates that nearly always call the same model at the threshold 0.5.
func lopsided(values []float64) []Finding {
	lo, hi := extremes(values)
	if lo < 0 || hi > 1 || math.IsNaN(lo) {
		return nil
	}
	for _, side := range []struct {
		model string
		has   func(v float64) bool
	}{{"strong", func(v float64) bool { return v >= 0.5 }}, {"weak", func(v float64) bool { return v < 0.5 }}} {
		rows := rowsWhere(len(values), func(i int) bool { return side.has(values[i]) })
		if share := float64(len(rows)) / float64(len(values)); share >= maxOneChoice {
			return []Finding{{Code: "one-choice", Severity: Note, Mend: Nothing, Rows: rows,
				Message: fmt.Sprintf("at threshold 0.5 the %s model is called in %.1f %% of the rows: calibrate a threshold", side.model, 100*share)}}
		}
	}
	return nil
}
