package sqltext

import "strings"

// Scan returns a query for one row: the number of rows (total), of those that can be used (usable)
// and of those that cannot, by [State]; the smallest and the largest score of the usable rows (lo,
// hi); and an estimate of their number of distinct scores (distinct_scores), NULL where the engine
// has none. Buckets says that rows will be put into buckets, so that they need a cluster.
func (d Dialect) Scan(s Source, buckets bool) string {
	usable := "CASE WHEN rl_state = '" + string(Usable) + "' THEN rl_score END"
	columns := []string{"COUNT(*) AS " + d.id("total"), d.countOf(Usable)}
	for _, c := range d.checks(s, buckets) {
		columns = append(columns, d.countOf(c.state))
	}
	distinct := d.as("NULL", d.integer)
	if d.distinct != "" {
		distinct = of(d.distinct, usable)
	}
	columns = append(columns, "MIN("+usable+") AS "+d.id("lo"), "MAX("+usable+") AS "+d.id("hi"),
		distinct+" AS "+d.id("distinct_scores"))
	return d.rows(s, buckets, d.state(s, buckets)) + "\nSELECT " + strings.Join(columns, ",\n  ") + "\nFROM rl_checked\n"
}

// countOf returns a column with the number of rows of a state.
func (d Dialect) countOf(state State) string {
	return "COUNT(CASE WHEN rl_state = '" + string(state) + "' THEN 1 END) AS " + d.id(string(state))
}
