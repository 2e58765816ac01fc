package measure

import (
	"fmt"
	"math"
	"strings"

	"github.com/routellm/routellm/eval"
)

const (
	maxTie      = 0.2 // largest share of samples with one score
	minClusters = 50  // effective clusters
	maxNamed    = 3   // tasks that a warning names
)

// sampleWarnings are about the samples, whatever the router.
func sampleWarnings(s Samples, gap eval.Gap) []string {
	var out []string
	switch gap.State {
	case eval.GapThin:
		out = append(out, fmt.Sprintf("the gap between the models is only %.1f standard errors: APGR and CPT are unstable", gap.Value/gap.SE))
	case eval.GapNotEstablished:
		out = append(out, "no gap between the models is established: APGR and CPT are not computed, the area over random is")
	}
	if e := eval.EffectiveClusters(s.Clusters); e < minClusters {
		out = append(out, fmt.Sprintf("the samples tell as much as %.1f independent ones: below %d, intervals and standard errors are unsure", e, minClusters))
	}
	if s.Outcomes.ConstantGain() {
		out = append(out, "every sample has the same gain: no router can be better than another")
	}
	return append(out, taskWarnings(s)...)
}

// taskWarnings names tasks on which no router can be better than another.
func taskWarnings(s Samples) []string {
	var names []string
	for _, index := range rowsOf(s.Tasks) {
		if s.Outcomes.Select(index).ConstantGain() {
			names = append(names, s.Tasks[index[0]])
		}
	}
	if len(names) == 0 {
		return nil
	}
	list := strings.Join(names[:min(len(names), maxNamed)], ", ")
	if len(names) > maxNamed {
		list += ", ..."
	}
	return []string{fmt.Sprintf("tasks on which every sample has the same gain, so that no router can be better than another: %d (%s)", len(names), list)}
}

func tieWarnings(c *eval.Curve) []string {
	if c.LargestTie <= maxTie {
		return nil
	}
	return []string{fmt.Sprintf("%.0f %% of the samples have one and the same score: order among them is taken as random", 100*c.LargestTie)}
}

// gaplessWarnings tells of resamples without a gap, which are the same for all routers.
func gaplessWarnings(x eval.Replicates, confidence float64) []string {
	i := eval.Percentile(x.APGR, confidence)
	if i.Missing == 0 {
		return nil
	}
	end := "they count as very low and as very high ones"
	if math.IsNaN(i.Lo) {
		end = "too many for intervals of APGR and CPT"
	}
	return []string{fmt.Sprintf("the strong model is not better in %.2g %% of the resamples: %s", 100*i.Missing, end)}
}

// unreachedWarnings tells of resamples with a gap in which a CPT is never reached.
func unreachedWarnings(percent float64, values []float64, i eval.Interval) []string {
	never := 0
	for _, v := range values {
		if math.IsInf(v, 1) {
			never++
		}
	}
	if never == 0 {
		return nil
	}
	text := fmt.Sprintf("CPT%s is never reached in %.2g %% of the resamples", key(percent), 100*float64(never)/float64(len(values)))
	if math.IsInf(i.Hi, 1) {
		text += ": its interval has no upper end"
	}
	return []string{text}
}
