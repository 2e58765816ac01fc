package sqltext

import (
	"cmp"
	"strings"
)

// Summary says which rows a summary has.
type Summary struct {
	Source
	Bins Bins
	Area bool // also sum the exact area inside each bin

	// Within lists ranges of scores to which the query keeps; none keeps all rows.
	Within []Range
}

// Range is a range of scores, ends included.
type Range struct{ Lo, Hi float64 }

// Summary returns a query for one row per bin of scores, and per task and bucket if wanted, as
// docs/sql.md describes them. Rows that cannot be used are counted in one row whose bin is NULL;
// with Within they are left out.
func (d Dialect) Summary(s Summary) string {
	steps, from := d.rows(s.Source, usableIf(s.tests(d)))+", rl_binned AS (\n  SELECT "+strings.Join(d.binned(s), ",\n    ")+"\n  FROM rl_checked\n)", "rl_binned"
	if s.Area {
		steps, from = steps+", rl_placed AS (\n  SELECT *, "+d.below(s)+" AS rl_below\n  FROM rl_binned\n)", "rl_placed"
	}
	query := steps + "\nSELECT " + strings.Join(d.sums(s), ",\n  ") + "\nFROM " + from
	if len(s.Within) > 0 {
		query += "\nWHERE " + d.within("rl_s", s.Within)
	}
	return query + "\nGROUP BY " + strings.Join(s.keys("rl_bin"), ", ") + "\n"
}

// binned returns the columns of rl_binned.
func (d Dialect) binned(s Summary) []string {
	columns := []string{d.bin(s.Bins) + " AS rl_bin", usable("rl_score") + " AS rl_s"}
	if s.Strong != "" {
		columns = append(columns, usable("rl_strong")+" AS rl_a", usable("rl_weak")+" AS rl_b")
	}
	return append(columns, s.usable(d)...)
}

// bin returns the expression of a row's bin.
func (d Dialect) bin(b Bins) string {
	if len(b.pieces) == 0 {
		return usable("rl_score")
	}
	return "CASE WHEN rl_usable = 0 THEN NULL" + b.branches(d, "rl_score") + " END"
}

// below returns the expression of how many rows of the bin, or what weight, have smaller scores,
// with half of those of equal score.
func (d Dialect) below(s Summary) string {
	what, bin := "COUNT(*)", "rl_bin"
	if s.Weight != "" {
		what = "SUM(rl_w)"
	}
	if len(s.Bins.pieces) == 0 { // the bin is a score
		bin = of(cmp.Or(d.part, usualPart), bin)
	}
	return d.as(what+" OVER (PARTITION BY "+bin+" ORDER BY rl_s)", d.double) + " - " +
		d.as(what+" OVER ("+of(cmp.Or(d.peers, usualPeers), bin)+")", d.double) + " / " + d.literal(2)
}

// sums returns the columns of a summary.
func (d Dialect) sums(s Summary) []string {
	counts, weight := s.counts(d)
	columns := append([]string{"rl_bin AS " + d.id("bin")}, s.labels(d)...)
	columns = append(columns, "MIN(rl_s) AS "+d.id("score_min"), "MAX(rl_s) AS "+d.id("score_max"))
	columns = append(columns, counts...)
	if s.Strong == "" {
		return columns
	}
	columns = append(columns, d.sum(weight+"rl_a", "strong"), d.sum(weight+"rl_b", "weak"), d.sum(weight+"(rl_a - rl_b) * (rl_a - rl_b)", "gain2"))
	if s.Area {
		columns = append(columns, d.sum(weight+"(rl_a - rl_b) * rl_below", "area"))
	}
	return columns
}

// sum returns a column with the sum of an expression, 0 if it is NULL in every row.
func (d Dialect) sum(x, name string) string {
	return "COALESCE(SUM(" + x + "), " + d.literal(0) + ") AS " + d.id(name)
}

// within returns the condition that x lies in one of the ranges.
func (d Dialect) within(x string, ranges []Range) string {
	tests := make([]string, len(ranges))
	for i, r := range ranges {
		tests[i] = x + " BETWEEN " + d.literal(r.Lo) + " AND " + d.literal(r.Hi)
	}
	return strings.Join(tests, "\n  OR ")
}
