package sqltext

import "strings"

// Scan returns a query for one row: the number of rows (total), of those that can be used (usable)
// and of those that cannot, by [State]; the smallest and the largest score of the usable rows (lo,
// hi); and an estimate of their number of distinct scores (distinct_values), NULL where the engine
// has none.
func (d Dialect) Scan(s Source) string {
	usable := "CASE WHEN rl_state = '" + string(Usable) + "' THEN rl_score END"
	columns := []string{"COUNT(*) AS " + d.id("total"), d.countOf(Usable)}
	for _, c := range d.checks(s) {
		columns = append(columns, d.countOf(c.state))
	}
	distinct := d.as("NULL", d.integer)
	if d.distinct != "" {
		distinct = of(d.distinct, usable)
	}
	columns = append(columns, "MIN("+usable+") AS "+d.id("lo"), "MAX("+usable+") AS "+d.id("hi"),
		distinct+" AS "+d.id("distinct_values"))
	return d.rows(s, d.state(s)) + "\nSELECT " + strings.Join(columns, ",\n  ") + "\nFROM rl_checked\n"
}

// countOf returns a column with the number of rows of a state.
func (d Dialect) countOf(state State) string {
	return "COUNT(CASE WHEN rl_state = '" + string(state) + "' THEN 1 END) AS " + d.id(string(state))
}
