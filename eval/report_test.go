package eval

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the reports of simulations into the documents")

// reportRuns is the number of simulated runs per number of a report, and countRuns that of the
// test that holds the counts.
const reportRuns, countRuns = 2000, 100

// report is a table of a document with the results of a simulation. It stands between the lines
// "<!-- coverage: NAME -->" and "<!-- end of coverage -->". Each number is the share of runs in
// which something held.
type report struct {
	document, name string
	header         []string                               // one per column of labels, then one per number
	labels         int                                    // number of columns of labels
	within         func(column int, percent float64) bool // whether a number keeps the promise; columns count from 0
	regimes        []regime
	runs           int // number of simulated runs per number; 0 for reportRuns
}

// regime is one row of a report. count simulates runs with fixed seeds and returns the number of
// runs in which each column's statement held, -1 for a column that the regime lacks.
type regime struct {
	labels string // separated by " | "
	count  func(runs int) []int
	want   []int // what count returns for countRuns; nil if it need only be near the promise
}

// check simulates few runs and compares the counts, which are always the same: a changed count
// means that the statistic has changed, and that the report is to be written again (make
// coverage). It also checks that the document has a row per regime, with numbers within the
// promise.
func (r report) check(t *testing.T) {
	block := r.read(t)
	for _, x := range r.regimes {
		t.Run(x.labels, func(t *testing.T) {
			if got := x.count(countRuns); x.want != nil && !slices.Equal(got, x.want) {
				t.Errorf("counts of %d runs: %#v, want %#v", countRuns, got, x.want)
			} else if x.want == nil {
				r.near(t, got)
			}
			numbers := rowOf(block, x.labels)
			if numbers == nil {
				t.Fatalf("%s has no row %q in the table %q", r.document, x.labels, r.name)
			}
			for k, text := range numbers {
				percent, err := strconv.ParseFloat(strings.TrimSuffix(text, " %"), 64)
				if text != "" && (err != nil || !r.within(k, percent)) {
					t.Errorf("%s: row %q, column %q: %q is not within the promise", r.document, x.labels, r.header[r.labels+k], text)
				}
			}
		})
	}
}

// near checks that the counts of a regime without wanted ones keep the promise, but for the error of
// few runs.
func (r report) near(t *testing.T, counts []int) {
	const slack = 7 // three standard errors of 95 % in countRuns runs
	for k, n := range counts {
		if p := float64(n); !r.within(k, p) && !r.within(k, p+slack) && !r.within(k, p-slack) {
			t.Errorf("column %q: %d of %d runs are not near the promise", r.header[r.labels+k], n, countRuns)
		}
	}
}

// rowOf returns the cells after the labels of the row with these labels.
func rowOf(block, labels string) []string {
	for line := range strings.Lines(block) {
		if rest, ok := strings.CutPrefix(line, "| "+labels+" | "); ok {
			cells := strings.Split(strings.TrimSuffix(strings.TrimSpace(rest), "|"), "|")
			for k := range cells {
				cells[k] = strings.TrimSpace(cells[k])
			}
			return cells
		}
	}
	return nil
}

// write simulates the whole report and, with -update, writes it into its document. Without, it
// compares both.
func (r report) write(t *testing.T) {
	skipUnlessNightly(t)
	lines := []string{"| " + strings.Join(r.header, " | ") + " |", "|" + strings.Repeat(" --- |", r.labels) + strings.Repeat(" ---: |", len(r.header)-r.labels)}
	for _, x := range r.regimes {
		line := "| " + x.labels + " |"
		for _, held := range x.count(cmp.Or(r.runs, reportRuns)) {
			cell := fmt.Sprintf("%.1f %%", 100*float64(held)/float64(cmp.Or(r.runs, reportRuns)))
			if held < 0 {
				cell = ""
			}
			line += " " + cell + " |"
		}
		t.Log(line)
		lines = append(lines, line)
	}
	want := strings.Join(lines, "\n") + "\n"
	switch got := r.read(t); {
	case got == want:
	case *update:
		page, err := os.ReadFile(r.document)
		if err == nil {
			begin, end := r.marks()
			err = os.WriteFile(r.document, []byte(strings.Replace(string(page), begin+got+end, begin+want+end, 1)), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s: table %q has\n%swant\n%s", r.document, r.name, got, want)
	}
}

// marks returns the lines around the table.
func (r report) marks() (begin, end string) {
	return "<!-- coverage: " + r.name + " -->\n\n", "\n<!-- end of coverage -->\n"
}

// read returns the table in the document.
func (r report) read(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile(r.document)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := r.marks()
	_, rest, found := strings.Cut(string(page), begin)
	block, _, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no table between %q and %q", r.document, begin, end)
	}
	return block
}
