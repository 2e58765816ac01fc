package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/routers/cosine"
)

// overlapOptions are the flags of overlap.
type overlapOptions struct {
	Cosine float64
	Pairs  int
	Format string
}

// maxPairs bounds the memory that --pairs takes.
const maxPairs = 1_000_000

func newCmdOverlap(s streams, run func(context.Context, streams, string, string, overlapOptions) error) *cobra.Command {
	var o overlapOptions
	c := &cobra.Command{
		Use:   "overlap A B",
		Short: "Count the prompts of one data set that are in another: leaks",
		Long: `Count the rows of A whose prompt is in B, or nearly so. A and B are built-in names
or files; the same twice looks for repeats in it.

Prompts are the same if they are so without case and white space. Others are near
where the cosine of their vectors by the built-in encoder is --cosine or above:
0.95 is what RouteLLM calls contaminated. Such vectors know words, not their order,
and say less of short prompts; a prompt without tokens is near nothing. The table
ends with the closest pairs, near or not; CSV has these pairs alone.`,
		Example: `  routellm datasets overlap judge mt-bench
  routellm datasets overlap gsm8k gsm8k --cosine 0.98 --pairs 1000 --format csv`,
		Args: exactArgs("A", "B"),
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args[0], args[1], o) },
	}
	f := c.Flags()
	f.Float64Var(&o.Cosine, "cosine", 0.95, "cosine from which prompts are near copies")
	f.IntVar(&o.Pairs, "pairs", 10, "how many of the closest pairs to show")
	f.StringVar(&o.Format, "format", "table", "table, csv, markdown or json")
	c.ValidArgsFunction = completeData(append(benchmarks.Names(), benchmarks.TrainingNames()...)...)
	return c
}

func runOverlap(ctx context.Context, s streams, nameA, nameB string, o overlapOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	a, err := readOverlapSet(ctx, nameA)
	if err != nil {
		return err
	}
	b, within := a, sameData(nameA, nameB)
	if !within {
		if b, err = readOverlapSet(ctx, nameB); err != nil {
			return err
		}
	}
	doc, err := overlapOf(ctx, s, a, b, within, o)
	if err != nil {
		return err
	}
	return writeOverlap(s, doc, o.Format)
}

func (o overlapOptions) check() error {
	if err := checkFormat(o.Format, "table", "csv", "markdown", "json"); err != nil {
		return err
	}
	if !(o.Cosine > 0 && o.Cosine <= 1) {
		return fmt.Errorf("--cosine %v: want a number above 0, at most 1", o.Cosine)
	}
	if o.Pairs < 0 || o.Pairs > maxPairs {
		return fmt.Errorf("--pairs %d: want a number from 0 to %s", o.Pairs, thousands(maxPairs))
	}
	return nil
}

// sameData reports whether two arguments name the same data set.
func sameData(a, b string) bool {
	if a == b {
		return true
	}
	for _, name := range []string{a, b} {
		if _, builtin := benchmarks.Data(name); builtin {
			return false
		}
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// overlapOf compares the sets.
func overlapOf(ctx context.Context, s streams, a, b *overlapSet, within bool, o overlapOptions) (*result.Overlap, error) {
	options := cosine.Options{Least: o.Cosine, Pairs: o.Pairs, Progress: newProgress(s.err, "comparing")}
	var found cosine.Found
	var err error
	if within {
		found, err = cosine.Within(ctx, a.vectors, options)
	} else {
		found, err = cosine.Between(ctx, a.vectors, b.vectors, options)
	}
	if err != nil {
		return nil, err
	}
	doc := &result.Overlap{
		SchemaVersion: result.SchemaVersion, Tool: result.Tool{Name: "routellm", Version: toolVersion()},
		A: a.OverlapSet, B: b.OverlapSet, Within: within, Cosine: result.Value(o.Cosine), Pairs: []result.OverlapPair{},
	}
	countLeaks(doc, a.norms, b.norms, found.Near)
	for _, p := range found.Pairs {
		match := "none"
		if a.norms[p.A] == b.norms[p.B] {
			match = "same"
		} else if p.Cosine >= o.Cosine {
			match = "near"
		}
		doc.Pairs = append(doc.Pairs, result.OverlapPair{A: a.ids[p.A], B: b.ids[p.B], Cosine: result.Value(p.Cosine), Match: match})
	}
	return doc, nil
}

// countLeaks counts each row of a once: its prompt is in b, or else near one.
func countLeaks(doc *result.Overlap, a, b []string, near []bool) {
	enough := 1
	if doc.Within {
		enough = 2 // in another row than the row itself
	}
	times := map[string]int{}
	for _, norm := range b {
		times[norm]++
	}
	for i, norm := range a {
		if times[norm] >= enough {
			doc.Same++
		} else if near[i] {
			doc.Near++
		}
	}
}
