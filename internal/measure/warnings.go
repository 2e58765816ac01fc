package measure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

const (
	maxTie      = 0.2 // largest share of samples with the same score that needs no warning
	minClusters = 50  // smallest effective number of clusters that needs no warning
	maxNamed    = 3   // largest number of tasks that a warning names
)

// sampleWarnings returns the warnings about the samples, which hold for every router.
func sampleWarnings(s Samples, gap eval.Gap) []string {
	out := append(gapWarnings(gap), effectiveWarnings(s)...)
	if s.corrected() {
		return out
	}
	if s.Outcomes.ConstantGain() {
		out = append(out, "the strong model gains the same on every sample: no router can be better than random")
	}
	return append(out, taskWarnings(s)...)
}

// gapWarnings warns of a gap that is not established, or only just.
func gapWarnings(gap eval.Gap) []string {
	switch gap.State {
	case eval.GapThin:
		return []string{fmt.Sprintf("the gap between the models is only %.1f standard errors: on other samples, APGR and CPT may be very different", gap.Value/gap.SE)}
	case eval.GapNotEstablished:
		return []string{"the strong model is not significantly better than the weak one: APGR and CPT are not computed, routers compare by area over random"}
	}
	return nil
}

// effectiveWarnings warns if the samples are few independent ones.
func effectiveWarnings(s Samples) []string {
	if e := s.Outcomes.EffectiveClusters(s.Clusters); e < minClusters {
		return []string{fmt.Sprintf("effective sample size: %.1f; below %d, intervals and standard errors are unreliable", e, minClusters)}
	}
	return nil
}

// taskWarnings names the tasks on which all routers are equal, of several. Equal gains on few
// samples say nothing of a task.
func taskWarnings(s Samples) []string {
	var names []string
	rows := rowsOf(s.Tasks)
	for _, index := range rows {
		clusters := eval.ClusterIDs(slicesx.Pick(s.Clusters, index))
		if len(rows) > 1 && slices.Max(clusters)+1 >= eval.MinIntervalClusters && s.Outcomes.Select(index).ConstantGain() {
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
	return []string{fmt.Sprintf("no router can be better than random on %s, where the strong model gains the same on every sample: %s",
		text.Plural(len(names), "task"), list)}
}

// WarnOfPairs warns where the intervals of differences between two routers do not exist or
// are wider, because few samples carry the gains.
func (b *Benchmark) WarnOfPairs(boot eval.Bootstrap) {
	b.doc.Warnings = append(b.doc.Warnings, carriedWarnings(b.support, boot)...)
}

// observed returns what the clusters are that results rest on.
func (b *Benchmark) observed() string {
	if b.summed {
		return "bucket"
	}
	if b.samples.corrected() {
		return "independent gold sample"
	}
	return "independent sample"
}

// supportWarnings says where the samples are too few for intervals of one router's metrics, or
// make them wider.
func (b *Benchmark) supportWarnings(boot eval.Bootstrap) []string {
	s := b.support
	switch {
	case s.Clusters < s.Needed():
		return []string{fmt.Sprintf("%s (%s) %s too few for intervals: at least %d are needed", text.Plural(s.Clusters, b.observed()),
			text.Agree(s.Clusters, "cluster", "clusters"), text.Agree(s.Clusters, "is", "are"), s.Needed())}
	case s.HeavyTailed():
		return []string{fmt.Sprintf("a few gains outweigh the others (tail index %.1f): prompts outside these samples may weigh more than all of them, so there are no intervals", s.Tail)}
	}
	return carriedWarnings(s, boot)
}

// carriedWarnings says where few clusters carry the gains.
func carriedWarnings(s eval.Support, b eval.Bootstrap) []string {
	level, needed := s.Paired(b.Confidence), 0
	if b.Resamples > 0 && level > b.Confidence {
		needed = eval.MinResamples(level)
	}
	switch {
	case s.Corrected && s.Effective == 0:
		return []string{"no gold label differs from what the other labels say of its answer: how often others would is not known, so there are no intervals"}
	case math.IsNaN(level):
		return []string{fmt.Sprintf("as few as %.1f samples (effective number) carry the gains: too few for intervals", s.Effective)}
	case b.Resamples < needed:
		return []string{fmt.Sprintf("as few as %.1f samples (effective number) carry the gains: intervals need at least %s resamples", s.Effective, text.Thousands(needed))}
	case level > b.Confidence:
		return []string{fmt.Sprintf("as few as %.1f samples (effective number) carry the gains: intervals are wider to allow for it", s.Effective)}
	}
	return nil
}

// tieWarnings warns if many samples have the same score.
func tieWarnings(c *eval.Curve) []string {
	if c.LargestTie <= maxTie || c.LargestTie*float64(c.N) < 1.5 { // one sample ties with none
		return nil
	}
	return []string{fmt.Sprintf("%.0f %% of the samples have the same score: the router does not order them, so their order counts as random", 100*c.LargestTie)}
}

// RandomWarnings warns if a router is not better than random. where says on which data, such
// as " on the calibration data"; "" for the data at hand.
func RandomWarnings(t results.Test, where string) []string {
	switch eval.Verdict(t.Verdict) {
	case eval.Better:
		return nil
	case eval.Worse:
		return []string{"significantly worse than random" + where + ": are the scores upside down?"}
	}
	return []string{"not significantly better than random" + where}
}

// gaplessWarnings returns the share of resamples in which the strong model is not better. It
// is the same for all routers.
func gaplessWarnings(x eval.Replicates, confidence float64) []string {
	i := eval.Percentile(x.APGR, confidence)
	if i.Missing == 0 {
		return nil
	}
	end := "APGR is undefined there, which widens the interval at both ends"
	if math.IsNaN(i.Lo) {
		end = "too many to give APGR and CPT intervals"
	}
	return []string{fmt.Sprintf("the strong model is not better in %.2g %% of the resamples: %s", 100*i.Missing, end)}
}

// unreachedWarnings returns the share of resamples in which a CPT is not reached although
// the strong model is better.
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
	warning := fmt.Sprintf("CPT%s is not reached in %.2g %% of the resamples", key(percent), 100*float64(never)/float64(len(values)))
	if math.IsInf(i.Hi, 1) {
		warning += ": its interval has no upper end"
	}
	return []string{warning}
}
