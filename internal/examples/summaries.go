package examples

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/routellm/routellm/harness"
)

// summedRouters are the routers of the summaries.
var summedRouters = []string{"length", "subject"}

// summed are their scores of all prompts of MMLU.
var summed = sync.OnceValues(func() (*harness.ScoreSet, error) {
	routers, err := harness.OpenFor([]string{"mmlu"}, summedRouters, harness.RouterOptions{}, harness.Feedback{})
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

// SummaryCSV sums up the samples of MMLU by the scores of the router length or subject, as an engine would: in bins of a width,
// in so many buckets, and by task if wanted. The width 0 stands for one bin per score, and 0 buckets for
// none.
func SummaryCSV(router string, width float64, buckets int, task bool) (string, error) {
	set, err := summed()
	if err != nil {
		return "", err
	}
	b := set.Benchmarks[0]
	scores := b.Scores[slices.Index(summedRouters, router)]
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
	return without(out.String(), buckets > 0, task), nil
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

// addSummaries adds the summaries of two routers, of the same samples.
func addSummaries(files map[string][]byte) error {
	const buckets = 40
	for router, width := range map[string]float64{"length": 16, "subject": 1. / 64} {
		csv, err := SummaryCSV(router, width, buckets, false)
		if err != nil {
			return err
		}
		files[router+".csv"] = []byte(csv)
	}
	return nil
}
