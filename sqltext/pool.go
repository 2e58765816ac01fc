package sqltext

import (
	"fmt"
	"strings"
)

// Pool names a table with what a router predicts of several models, and with what came of them.
type Pool struct {
	From   string // text after FROM
	Where  string // condition of the rows to read; "" reads all
	Models []PoolModel
	Groups
}

// PoolModel names the columns of one model.
type PoolModel struct {
	Name    string // name in the columns of the result
	Score   string // column of its predicted quality
	Quality string // column of its measured quality
	Cost    string // column of its measured cost, 0 or more
	// Predicted is the column of its predicted cost; "" if FixedCost is predicted for every row.
	Predicted string
	FixedCost float64
}

// Moves says which rows a summary of moves has.
type Moves struct {
	Pool
	Bins   Bins    // cuts lambda into bins
	Within []Range // ranges of lambda to which the query keeps; none keeps all rows
}

// Moves returns a query that sums up, per bin of lambda, how a router's choice among models moves. As
// lambda falls from infinity to 0, each row starts with the model of the lowest predicted cost and
// moves along the upper envelope of the lines p - lambda k: see package eval/pool. Each move is one
// change of quality and cost at one lambda, so that the sums of moves are points of the path, exact
// between any two bins. docs/sql.md describes the result.
func (d Dialect) Moves(m Moves) string {
	query := d.moves(m.Pool) + ", rl_binned AS (\n  SELECT *, " + d.moveBin(m.Bins) + " AS rl_bin\n  FROM rl_moves\n)" +
		"\nSELECT " + strings.Join(d.moveSums(m.Pool), ",\n  ") + "\nFROM rl_binned"
	if len(m.Within) > 0 {
		query += "\nWHERE " + d.within("rl_lambda", m.Within)
	}
	return query + "\nGROUP BY " + strings.Join(m.keys("rl_step", "rl_bin"), ", ") + "\n"
}

// PoolScan returns a query for one row: the number of rows (total) and of those that can be used
// (usable), the smallest and the largest lambda at which a choice moves (lo, hi), the number of moves
// (moves) and about how many distinct lambdas these have (distinct_values).
func (d Dialect) PoolScan(p Pool) string {
	p.Weight, p.Task = "", ""
	distinct := d.as("NULL", d.integer)
	if d.distinct != "" {
		distinct = of(d.distinct, "rl_lambda")
	}
	count := func(steps ...string) string {
		return "COUNT(CASE WHEN rl_step IN ('" + strings.Join(steps, "', '") + "') THEN 1 END)"
	}
	columns := []string{count("start", "unused") + " AS " + d.id("total"), count("start") + " AS " + d.id("usable"), "MIN(rl_lambda) AS " + d.id("lo"),
		"MAX(rl_lambda) AS " + d.id("hi"), count("move") + " AS " + d.id("moves"), distinct + " AS " + d.id("distinct_values")}
	return d.moves(p) + "\nSELECT " + strings.Join(columns, ",\n  ") + "\nFROM rl_moves\n"
}

// names returns the names of a model's columns inside the query: predicted quality and cost, measured
// quality and cost, each with the model's number.
func names(m int) (p, k, q, c string) {
	return fmt.Sprintf("rl_p%d", m), fmt.Sprintf("rl_k%d", m), fmt.Sprintf("rl_q%d", m), fmt.Sprintf("rl_c%d", m)
}

// each returns what of returns for every model, in order.
func (p Pool) each(of func(m int) string) []string {
	out := make([]string, len(p.Models))
	for m := range p.Models {
		out[m] = of(m)
	}
	return out
}

// moves returns the steps up to rl_moves, which holds one row per start, per move and per row that
// cannot be used.
func (d Dialect) moves(p Pool) string {
	steps := []string{
		"rl_rows AS (\n  SELECT " + strings.Join(d.poolRows(p), ",\n    ") + from(p.From, p.Where) + ")",
		"rl_checked AS (\n  SELECT *, " + usableIf(p.tests(d)) + "\n  FROM rl_rows" + d.fence + "\n)",
		"rl_lines AS (\n  SELECT *,\n    " + strings.Join(p.each(func(m int) string { return d.line(p, m) }), ",\n    ") + "\n  FROM rl_checked" + d.fence + "\n)",
		"rl_envelope AS (\n  SELECT *,\n    " + strings.Join(p.each(reigns), ",\n    ") + "\n  FROM rl_lines" + d.fence + "\n)",
		"rl_models AS (\n  " + strings.Join(p.each(func(m int) string { return fmt.Sprintf("SELECT %d AS rl_m", m) }), "\n  UNION ALL ") + "\n)",
		"rl_steps AS (\n  SELECT rl_envelope.*, rl_m,\n    " + strings.Join(p.taken(), ",\n    ") + "\n  FROM rl_envelope CROSS JOIN rl_models\n)",
		"rl_before AS (\n  SELECT *, " + d.before(p) + "\n  FROM rl_steps\n  WHERE rl_to_on = 1 OR rl_usable = 0 AND rl_m = 0" + d.fence + "\n)",
		"rl_pairs AS (\n  SELECT *,\n    " + strings.Join(d.left(p), ",\n    ") + "\n  FROM rl_before" + d.fence + "\n)",
		"rl_moves AS (\n  SELECT " + strings.Join(d.changes(p), ",\n    ") + "\n  FROM rl_pairs\n)",
	}
	return "WITH " + strings.Join(steps, ", ")
}

// poolRows returns the columns of rl_rows.
func (d Dialect) poolRows(p Pool) []string {
	var columns []string
	for m, x := range p.Models {
		pn, kn, qn, cn := names(m)
		predicted := d.literal(x.FixedCost)
		if x.Predicted != "" {
			predicted = d.number(x.Predicted) + " + " + d.literal(0)
		}
		columns = append(columns, d.number(x.Score)+" + "+d.literal(0)+" AS "+pn, predicted+" AS "+kn, d.number(x.Quality)+" AS "+qn, d.number(x.Cost)+" AS "+cn)
	}
	return append(columns, p.columns(d)...)
}

// tests returns the conditions that a row can be used.
func (p Pool) tests(d Dialect) (tests []string) {
	for m := range p.Models {
		pm, km, qm, cm := names(m)
		for _, x := range []string{pm, km, qm, cm} {
			tests = append(tests, of(d.finite, x))
		}
		tests = append(tests, cm+" >= "+d.literal(0))
	}
	return append(tests, p.Groups.tests(d)...)
}
