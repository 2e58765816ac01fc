package sqltext

import "strings"

// Source names a table and the columns that a query reads.
type Source struct {
	From  string // text after FROM, in the engine's own SQL, such as a name or read_parquet('logs/*.parquet')
	Where string // condition of the rows to read; "" reads all

	Score        string // column of the scores
	Strong, Weak string // columns of the qualities; both are "" for scores alone
	Groups
}

// Names of columns inside a query begin with rl_, since ClickHouse would take an alias for the
// table's own column of the same name.

// rows returns the steps that every query on scores begins with: rl_rows, the wanted columns as
// numbers and texts, and rl_checked, the same with one more column that says which rows can be used.
// Adding 0.0 makes -0.0 and 0.0 one score.
func (d Dialect) rows(s Source, check string) string {
	columns := []string{d.number(s.Score) + " + " + d.literal(0) + " AS rl_score"}
	if s.Strong != "" {
		columns = append(columns, d.number(s.Strong)+" AS rl_strong", d.number(s.Weak)+" AS rl_weak")
	}
	columns = append(columns, s.columns(d)...)
	return "WITH rl_rows AS (\n  SELECT " + strings.Join(columns, ",\n    ") + from(s.From, s.Where) + "), rl_checked AS (\n  SELECT *, " + check + "\n  FROM rl_rows\n)"
}

// number returns a column as a number, text as a text.
func (d Dialect) number(column string) string { return d.as(d.id(column), d.double) }
func (d Dialect) text(column string) string   { return d.as(d.id(column), d.char) }

// from returns the clauses that read a table. Its text and the condition may end in a comment.
func from(table, where string) string {
	if where != "" {
		where = "  WHERE (" + where + "\n  )\n"
	}
	return "\n  FROM " + table + "\n" + where
}

// State is why a row cannot be used, or that it can.
type State string

// The states of a row. The first one that applies counts.
const (
	ScoreNull        State = "score_null"
	ScoreNotFinite   State = "score_not_finite"
	QualityNull      State = "quality_null"
	QualityNotFinite State = "quality_not_finite"
	WeightBad        State = "weight_bad" // NULL, not finite, or not above 0
	ClusterNull      State = "cluster_null"
	Usable           State = "usable"
)

// check is one reason why a row cannot be used.
type check struct {
	state State
	when  string // condition under which the reason applies
}

// checks lists the reasons, in the order in which they count.
func (d Dialect) checks(s Source) []check {
	all := []check{{ScoreNull, "rl_score IS NULL"}, {ScoreNotFinite, d.notFinite("rl_score")}}
	if s.Strong != "" {
		all = append(all, check{QualityNull, "rl_strong IS NULL OR rl_weak IS NULL"},
			check{QualityNotFinite, d.notFinite("rl_strong") + " OR " + d.notFinite("rl_weak")})
	}
	if s.Weight != "" {
		all = append(all, check{WeightBad, "rl_weight IS NULL OR " + d.notFinite("rl_weight") + " OR rl_weight <= " + d.literal(0)})
	}
	if s.Buckets > 0 {
		all = append(all, check{ClusterNull, "rl_hash IS NULL"})
	}
	return all
}

// notFinite returns the condition that x, which is not NULL, is not a finite number.
func (d Dialect) notFinite(x string) string { return "NOT (" + of(d.finite, x) + ")" }

// state returns a column with a row's state.
func (d Dialect) state(s Source) string {
	text := "CASE"
	for _, c := range d.checks(s) {
		text += "\n      WHEN " + c.when + " THEN '" + string(c.state) + "'"
	}
	return text + "\n      ELSE '" + string(Usable) + "' END AS rl_state"
}

// usableIf returns a column that is 1 for rows that pass all tests and 0 for others. Engines compare it
// faster than a state.
func usableIf(tests []string) string {
	return "CASE WHEN " + strings.Join(tests, "\n      AND ") + "\n      THEN 1 ELSE 0 END AS rl_usable"
}

// tests returns the conditions that a row can be used.
func (s Source) tests(d Dialect) []string {
	tests := []string{of(d.finite, "rl_score")}
	if s.Strong != "" {
		tests = append(tests, of(d.finite, "rl_strong"), of(d.finite, "rl_weak"))
	}
	return append(tests, s.Groups.tests(d)...)
}
