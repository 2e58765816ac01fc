// Package audit finds defects in data sets of outcomes and in score files, and measures how
// they change the numbers that an evaluation reports.
//
// Call [Data] with an [Input] to check a data set, which returns one [Finding] per defect, and
// [Measure] to evaluate the data set with and without a defect. Call [File] to check a file of
// scores and [DecisionFile] to check a file of decisions. [Regrade] grades stored answers again.
//
// The checks are pure functions of a [datasets.Table] or of scores. A check that needs a column
// that is not there finds nothing.
package audit

// Data returns every finding about a data set, sorted by severity with errors first, and within
// a severity in the order of the checks.
func Data(in Input) []Finding {
	all, _ := Check(in, nil) // only progress returns an error
	return all
}

// Check returns what [Data] returns. progress, if non-nil, is told how many checks are done; its
// error ends the work.
func Check(in Input, progress func(done, total int) error) ([]Finding, error) {
	var all []Finding
	checks := []func(Input) []Finding{
		repeatedIDs, repeatedPrompts, conflicts, splitClusters, variants, nearCopies,
		contaminated, training, unlikePrompts,
		outOfRange, loneValues, mixedScales, notMeasured, turns, oneSided,
		unanswered, wrongLabels,
		negative, constantCounts, missingCounts, missingPrices, zeroCosts, costUnits, totals, parts, copies,
		winners, routerScores,
	}
	for i, check := range checks {
		all = append(all, check(in)...)
		if progress == nil {
			continue
		}
		if err := progress(i+1, len(checks)); err != nil {
			return nil, err
		}
	}
	sortFindings(all)
	return all, nil
}
