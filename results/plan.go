package results

import (
	"io"

	"github.com/routellm/routellm/eval"
)

// Plan says what differences between routers benchmarks can show. Differences and margins
// are in APGR.
type Plan struct {
	SchemaVersion int                `json:"schema_version"`
	Tool          Tool               `json:"tool"`
	Confidence    Value              `json:"confidence"`
	Margin        Value              `json:"margin"` // difference to find, and margin of equivalence to show
	Inputs        []Input            `json:"inputs"`
	Benchmarks    []PlannedBenchmark `json:"benchmarks"`
	Pools         []PlannedPool      `json:"pools,omitempty"` // plans with any number of models, in lift
	Judge         *PlannedJudge      `json:"judge,omitempty"` // nil for gold labels alone
}

// PlannedJudge is a judge whose labels gold labels are to correct.
type PlannedJudge struct {
	Correlation Value `json:"correlation"` // correlation of its labels with gold labels
	Judged      int   `json:"judged"`      // prompts that it labels; 0 for any number
}

// PlannedBenchmark is the plan of one data set.
type PlannedBenchmark struct {
	Name          string               `json:"name"`
	Title         string               `json:"title"`
	Unit          string               `json:"unit"`
	Pair          Pair                 `json:"pair"`
	Samples       int                  `json:"samples"` // 0 for a guess
	Clusters      int                  `json:"clusters"`
	Weights       *Weights             `json:"weights,omitempty"` // nil if the samples have no weights
	Excluded      Excluded             `json:"excluded"`
	StrongQuality Value                `json:"strong_quality"`
	WeakQuality   Value                `json:"weak_quality"`
	Gap           Gap                  `json:"gap"`
	Agreement     Value                `json:"agreement"`     // share of samples on which both models tie
	StrongBetter  Value                `json:"strong_better"` // share of samples on which the strong model is better
	WeakBetter    Value                `json:"weak_better"`   // share of samples on which the weak model is better
	OracleAPGR    Value                `json:"oracle_apgr"`
	Headroom      Value                `json:"headroom"`       // APGR of the oracle less that of a random router
	RandomAPGRSD  Value                `json:"random_apgr_sd"` // standard deviation without skill: the noise floor
	Correlations  []PlannedCorrelation `json:"correlations"`
	Guarantee     *PlannedGuarantee    `json:"guarantee,omitempty"` // nil if none was asked for
	Warnings      []string             `json:"warnings"`
}

// PlannedGuarantee says how many samples establish a guarantee of quality with 80 % power.
type PlannedGuarantee struct {
	Share Value         `json:"share"` // share of the strong model's quality that is to be kept
	Rows  []PlannedKeep `json:"rows"`
}

// PlannedKeep is the number of samples for routers that save one share of the strong calls.
type PlannedKeep struct {
	Saved   Value `json:"saved"`   // share of the strong calls that are saved
	Skill   Value `json:"skill"`   // share of the samples on which the router decides like the oracle, and at random on the others
	Samples int   `json:"samples"` // calibration samples; 0 if such a router does not keep the quality
}

// PlannedCorrelation says what can be shown of two routers whose scores have one rank
// correlation.
type PlannedCorrelation struct {
	Rho        Value         `json:"rho"`                           // rank correlation
	Difference int           `json:"samples_for_difference"`        // samples needed to find the margin as a difference; 0 without a gap
	Equivalent int           `json:"samples_for_margin"`            // samples needed to show equivalence within it
	Gold       int           `json:"gold_for_difference,omitempty"` // gold labels needed for it beside the judge's labels; absent without a judge, or if it labels too few
	Sizes      []PlannedSize `json:"sizes"`
}

// PlannedSize says what a number of samples can show.
type PlannedSize struct {
	Samples    int   `json:"samples"`
	SE         Value `json:"se"`         // standard error of the difference in APGR
	Detectable Value `json:"detectable"` // smallest difference found with 80 % power
	Margin     Value `json:"margin"`     // smallest margin within which equality is shown with 80 % power
}

// Fill fills the numbers of a plan for the given correlations and sizes. whole is the
// measured benchmark.
func (d *PlannedBenchmark) Fill(whole Benchmark, p eval.Plan, margin float64, rhos []float64, sizes []int) {
	d.Samples, d.Clusters, d.Gap, d.Warnings = whole.Samples, whole.Clusters, whole.Gap, whole.Warnings
	d.StrongQuality, d.WeakQuality, d.Weights = whole.StrongQuality, whole.WeakQuality, whole.Weights
	d.Agreement, d.StrongBetter, d.WeakBetter = Value(p.Agreement), Value(p.StrongBetter), Value(p.WeakBetter)
	d.OracleAPGR, d.Headroom, d.RandomAPGRSD = Value(p.Oracle), Value(p.Oracle-0.5), Value(p.RandomSD)
	for _, rho := range rhos {
		r := PlannedCorrelation{Rho: Value(rho), Difference: p.Needed(margin, rho), Equivalent: p.NeededForMargin(margin, rho)}
		for _, n := range sizes {
			r.Sizes = append(r.Sizes, PlannedSize{n, Value(p.SE(n, rho)), Value(p.Detectable(n, rho)), Value(p.Margin(n, rho))})
		}
		d.Correlations = append(d.Correlations, r)
	}
}

// Write writes the plan as JSON with one newline at the end.
func (p *Plan) Write(w io.Writer) error { return writeJSON(w, p) }
