package cli

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/routellm/routellm/harness"
)

// summed are the routers of the summaries that examples use: two that train on no prompt of MMLU.
var summed = sync.OnceValues(func() (*harness.ScoreSet, error) {
	routers, err := harness.OpenFor([]string{"mmlu"}, []string{"length", "subject"}, harness.RouterOptions{}, harness.Feedback{})
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	benches, err := harness.Load(ctx, []string{"mmlu"}, routers, harness.LoadOptions{ByTask: true})
	if err != nil {
		return nil, err
	}
	return harness.Score(ctx, routers, benches, harness.Feedback{})
})

// summaryCSV sums up the samples of MMLU by a router's scores, as an engine would: in bins of a width,
// in so many buckets, and by task if wanted. The width 0 stands for one bin per score, and 0 buckets for
// none.
func summaryCSV(b *harness.ScoredBenchmark, router int, width float64, buckets int, task bool) string {
	scores := b.Scores[router]
	type key struct {
		bin    float64
		bucket uint32
		task   string
	}
	type sums struct{ lo, hi, n, strong, weak, gain2 float64 }
	all, order := map[key]*sums{}, []key(nil)
	for i, s := range scores {
		k := key{bin: s}
		if width > 0 {
			k.bin = math.Floor(s / width)
		}
		if buckets > 0 {
			h := fnv.New32a()
			fmt.Fprint(h, b.Clusters[i])
			k.bucket = h.Sum32() % uint32(buckets)
		}
		if task {
			k.task = b.Tasks[i]
		}
		x := all[k]
		if x == nil {
			x = &sums{lo: s, hi: s}
			all[k], order = x, append(order, k)
		}
		strong, weak := b.Outcomes.Strong[i], b.Outcomes.Weak[i]
		x.lo, x.hi, x.n = min(x.lo, s), max(x.hi, s), x.n+1
		x.strong, x.weak, x.gain2 = x.strong+strong, x.weak+weak, x.gain2+(strong-weak)*(strong-weak)
	}
	var out strings.Builder
	out.WriteString("bin,bucket,task,score_min,score_max,n,strong,weak,gain2\n")
	for _, k := range order {
		x := all[k]
		fmt.Fprintf(&out, "%v,%d,%s,%v,%v,%v,%v,%v,%v\n", k.bin, k.bucket, k.task, x.lo, x.hi, x.n, x.strong, x.weak, x.gain2)
	}
	return without(out.String(), buckets > 0, task)
}

// without drops the columns of buckets and tasks that a summary lacks.
func without(csv string, buckets, tasks bool) string {
	var out strings.Builder
	for line := range strings.Lines(csv) {
		for k, cell := range strings.Split(line, ",") {
			if k == 1 && !buckets || k == 2 && !tasks {
				continue
			}
			if k > 0 {
				out.WriteByte(',')
			}
			out.WriteString(cell)
		}
	}
	return out.String()
}

// writeSummaries writes the summaries that examples and scripts use into a folder.
func writeSummaries(dir string) error {
	set, err := summed()
	if err != nil {
		return err
	}
	b := set.Benchmarks[0]
	moves, err := os.ReadFile(filepath.Join("testdata", "pool.csv"))
	if err != nil {
		return err
	}
	for name, text := range map[string]string{
		"length.csv": summaryCSV(b, 0, 4, 200, false), "subject.csv": summaryCSV(b, 1, 1./256, 200, false), "whole.csv": summaryCSV(b, 0, 4, 0, false),
		"exact.csv": summaryCSV(b, 0, 0, 200, false), "tasks.csv": summaryCSV(b, 0, 4, 200, true),
		"pool.csv": string(moves), // what DuckDB made of the router of docs/pool.md
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
