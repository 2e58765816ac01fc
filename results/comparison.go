package results

import (
	"io"

	"github.com/routellm/routellm/eval"
)

// Comparison is a paired comparison of routers. Every difference is A minus B.
type Comparison struct {
	SchemaVersion int                 `json:"schema_version"`
	Tool          Tool                `json:"tool"`
	Seed          uint64              `json:"seed"`
	Resamples     int                 `json:"resamples"`
	Permutations  int                 `json:"permutations"`
	Confidence    Value               `json:"confidence"`
	Margin        Value               `json:"margin"` // margin of equivalence, in APGR
	At            Value               `json:"at"`     // strong fraction at which decisions are compared
	Inputs        []Input             `json:"inputs"`
	Settings      *Input              `json:"settings,omitempty"` // file of settings, routellm.yaml, in place of flags; nil if none counts
	Benchmarks    []ComparedBenchmark `json:"benchmarks"`
	Pools         []ComparedPool      `json:"pools,omitempty"` // comparisons of routers among several models
}

// ComparedBenchmark holds all pairs of routers on one data set.
type ComparedBenchmark struct {
	Name          string           `json:"name"`
	Title         string           `json:"title"`
	Unit          string           `json:"unit"`
	Pair          Pair             `json:"pair"`
	Samples       int              `json:"samples"`
	Clusters      int              `json:"clusters"`
	Summary       *Summary         `json:"summary,omitempty"` // nil if the samples themselves were read
	Weights       *Weights         `json:"weights,omitempty"` // nil if the samples have no weights
	StrongQuality Value            `json:"strong_quality"`
	WeakQuality   Value            `json:"weak_quality"`
	Gap           Gap              `json:"gap"`
	Unmeasured    *Unmeasured      `json:"unmeasured"`           // null if every sample of the first set is measured
	Correction    *Correction      `json:"correction,omitempty"` // nil if the labels count as they are
	Metric        string           `json:"metric"`               // "apgr", or "area_over_random" if no gap is established
	Routers       []ComparedRouter `json:"routers"`
	Pairs         []ComparedPair   `json:"pairs"`
	Warnings      []string         `json:"warnings"`
}

// ComparedRouter holds a router's value of the metric.
type ComparedRouter struct {
	Name  string `json:"name"`
	Value Value  `json:"value"`
	// AgainstRandom tests the router against random. It is null with too few clusters, and for
	// a router that gives every sample the same score.
	AgainstRandom *Test `json:"against_random"`
}

// ComparedPair compares two routers.
type ComparedPair struct {
	A            string `json:"a"`
	B            string `json:"b"`
	Difference   Metric `json:"difference"`
	NarrowLo     Value  `json:"narrow_lo"` // lower end of the interval that decides on equivalence
	NarrowHi     Value  `json:"narrow_hi"` // upper end
	SE           Value  `json:"se"`
	Detectable   Value  `json:"detectable"` // smallest true difference that is found with 80 % power
	P            Value  `json:"p"`
	PHolm        Value  `json:"p_holm"`
	PAdjusted    Value  `json:"p_adjusted"`    // p value of the bootstrap's test, adjusted for all comparisons; it decides the verdict
	Verdict      string `json:"verdict"`       // "better", "worse", "equivalent", "inconclusive"
	VerdictAlone string `json:"verdict_alone"` // the verdict if this were the only comparison
	WithinMargin bool   `json:"within_margin"`
	// Decisions is null if the samples are summed up.
	Decisions *PairedDecisions `json:"decisions"`
	Notes     []string         `json:"notes"`
}

// PairedDecisions counts what becomes of the samples when both routers call the strong model for
// the same share of them.
type PairedDecisions struct {
	Rescues int         `json:"rescues"` // samples that A answers better than B
	Losses  int         `json:"losses"`  // samples that A answers worse than B
	Safe    int         `json:"safe"`    // samples tied and correct
	Hard    int         `json:"hard"`    // samples tied and wrong
	McNemar Value       `json:"mcnemar"` // mid-p value; null unless quality is 0 or 1
	Tasks   []TaskFlips `json:"tasks,omitempty"`
}

// TaskFlips lists the sample ids of one task by what becomes of the sample.
type TaskFlips struct {
	Task    string   `json:"task"`
	Rescues []string `json:"rescues"`
	Losses  []string `json:"losses"`
	Safe    []string `json:"safe"`
	Hard    []string `json:"hard"`
}

// NewPair converts a difference between the routers of the given names.
func NewPair(d eval.Difference, names []string) ComparedPair {
	return ComparedPair{
		A: names[d.A], B: names[d.B],
		Difference: Metric{Value: Value(d.Value), Lo: Value(d.Interval.Lo), Hi: Value(d.Interval.Hi)},
		NarrowLo:   Value(d.Narrow.Lo), NarrowHi: Value(d.Narrow.Hi),
		SE: Value(d.SE), Detectable: Value(d.Detectable), P: Value(d.P), PHolm: Value(d.Holm),
		PAdjusted: Value(d.Adjusted), Verdict: string(d.Verdict), VerdictAlone: string(d.Alone), WithinMargin: d.Within, Notes: []string{},
	}
}

// Take copies the numbers that depend on no router.
func (b *ComparedBenchmark) Take(from Benchmark) {
	b.Samples, b.Clusters, b.Gap, b.Warnings = from.Samples, from.Clusters, from.Gap, from.Warnings
	b.Summary = from.Summary
	b.StrongQuality, b.WeakQuality, b.Weights = from.StrongQuality, from.WeakQuality, from.Weights
}

// Write writes the comparison as JSON with one newline at the end.
func (c *Comparison) Write(w io.Writer) error { return writeJSON(w, c) }
