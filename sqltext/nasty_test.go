package sqltext_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// logged is one row of the table on which every engine is tested. A nil number and an empty text are
// NULL.
type logged struct {
	id, cluster, task, digest   string
	score, strong, weak, weight *float64
}

// nastyRows returns a table with all that makes engines differ: NaN, infinities, NULLs, both zeros,
// denormals, the largest numbers, neighbouring numbers, ties, NULL clusters and repeated prompts.
func nastyRows() []logged {
	r := rand.New(rand.NewPCG(7, 22))
	rows := make([]logged, 6000)
	for i := range rows {
		score := r.NormFloat64()
		if i < 600 {
			score = math.Round(10*score) / 10
		}
		strong, weak, weight := 1+9*r.Float64(), 1+8*r.Float64()-score/4, 0.25+2*r.Float64()
		rows[i] = logged{fmt.Sprintf("n%06d", i), fmt.Sprintf("c%05d", i/3), fmt.Sprintf("task %d", i%3), fmt.Sprintf("%064x", i), &score, &strong, &weak, &weight}
		if i%97 == 0 {
			rows[i].cluster = ""
		}
		if i%89 == 0 {
			rows[i].task = "" // NULL
		}
		if i%83 == 0 {
			rows[i].digest = fmt.Sprintf("%064x", i%7)
		}
	}
	spoil(rows)
	return rows
}

// spoil puts odd numbers into the rows from 600 on.
func spoil(rows []logged) {
	at := 600
	put := func(n int, set func(*logged)) {
		for range n {
			set(&rows[at])
			at++
		}
	}
	numbers := func(of func(*logged) **float64, values ...float64) {
		for _, v := range values {
			put(8, func(s *logged) { *of(s) = &v })
		}
	}
	score := func(s *logged) **float64 { return &s.score }
	strong := func(s *logged) **float64 { return &s.strong }
	weight := func(s *logged) **float64 { return &s.weight }
	negativeZero := math.Copysign(0, -1)
	numbers(score, 0, negativeZero, 5e-324, -5e-324, 0x1p-1022, 1e308, -math.MaxFloat64, 1, math.Nextafter(1, 2), math.Nextafter(1, 0),
		0.1, 0.30000000000000004, 0.12345678901234567, math.NaN(), math.Inf(1), math.Inf(-1))
	numbers(strong, math.NaN(), math.Inf(1), 1e-200)
	numbers(weight, math.NaN(), math.Inf(1), 0, negativeZero, -1, 1e-12)
	for _, of := range []func(*logged) **float64{score, strong, func(s *logged) **float64 { return &s.weak }, weight} {
		put(6, func(s *logged) { *of(s) = nil })
	}
	put(2, func(s *logged) { s.cluster, s.id = "", "" })
	put(2, func(s *logged) { s.score, s.strong = nil, nil })
}

// oddName is the name of the column of weights, with all that identifiers must escape.
const oddName = "we\"i`g\\h't"

// cell writes a number for CSV so that all engines read the same one.
func cell(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'g', -1, 64)
}

// writeLogs writes the rows as logs.csv, every fifth digest as digests.csv, and routed rows as pool.csv.
func writeLogs(t *testing.T, dir string, rows []logged, routed []routed) {
	t.Helper()
	logs := [][]string{{"sample_id", "cluster", "task", "prompt_norm_sha256", "score", "quality:strong", "quality:weak", oddName}}
	digests := [][]string{{"prompt_norm_sha256", "router"}, {"", "mf"}}
	for i, r := range rows {
		logs = append(logs, []string{r.id, r.cluster, r.task, r.digest, cell(r.score), cell(r.strong), cell(r.weak), cell(r.weight)})
		if i%5 == 0 {
			digests = append(digests, []string{r.digest, "mf"})
		}
	}
	for name, table := range map[string][][]string{"logs.csv": logs, "digests.csv": digests, "pool.csv": poolTable(routed)} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := csv.NewWriter(f).WriteAll(table); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
