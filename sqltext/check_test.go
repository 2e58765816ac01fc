package sqltext_test

import (
	"context"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/routellm/routellm/datasets/rows"
)

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// read reads a result that an engine wrote: one map from column to text per row, in which NULL is
// absent.
func read(t *testing.T, path string) []map[string]string {
	t.Helper()
	table, err := rows.Open(context.Background(), path, rows.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	var all []map[string]string
	columns := table.Columns()
	err = table.Scan(context.Background(), columns, func(r rows.Row) error {
		row := map[string]string{}
		for i, c := range r.Cells {
			if c.Kind != rows.Missing && c.Text != "" {
				row[columns[i]] = c.Text
			}
		}
		all = append(all, row)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// value reads a number, NaN for NULL.
func value(t *testing.T, row map[string]string, column string) float64 {
	t.Helper()
	text, ok := row[column]
	if !ok {
		return math.NaN()
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("%s: %v", column, err)
	}
	return x
}

// readSums reads a summary that an engine wrote.
func readSums(t *testing.T, path string, w wanted) []sums {
	t.Helper()
	var all []sums
	for _, row := range read(t, path) {
		s := sums{bin: value(t, row, "bin"), lo: value(t, row, "score_min"), hi: value(t, row, "score_max"), n: value(t, row, "n"), task: row["task"]}
		s.rows = s.n
		if w.weights {
			s.rows = value(t, row, "rows")
		}
		if b := value(t, row, "bucket"); !math.IsNaN(b) {
			s.bucket = number(b)
		}
		if !w.plain {
			s.strong, s.weak, s.gain2 = value(t, row, "strong"), value(t, row, "weak"), value(t, row, "gain2")
		}
		if _, ok := row["area"]; ok {
			s.area = value(t, row, "area")
		}
		all = append(all, s)
	}
	return sorted(all)
}

// checkSums compares a summary with the reference: keys, counts and scores bit for bit, sums within
// 1e-9 of the largest of what they add up.
func checkSums(t *testing.T, got, want []sums, area bool) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	same := func(a, b float64) bool {
		return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
	}
	near := func(a, b, scale float64) bool { return math.Abs(a-b) <= 1e-9*max(1, scale) }
	for i, g := range got {
		w := want[i]
		sizes := math.Abs(w.strong) + math.Abs(w.weak)
		if !sameKey(g, w) || !same(g.lo, w.lo) || !same(g.hi, w.hi) || g.rows != w.rows || !near(g.n, w.n, w.n) ||
			!near(g.strong, w.strong, sizes) || !near(g.weak, w.weak, sizes) || !near(g.gain2, w.gain2, w.gain2) || area && !near(g.area, w.area, w.scale) {
			t.Fatalf("row %d:\n%+v, want\n%+v", i+1, g, w)
		}
	}
}

// column returns a column of a table, sorted.
func column(table []map[string]string, name string) []string {
	var out []string
	for _, row := range table {
		out = append(out, row[name])
	}
	slices.Sort(out)
	return out
}
