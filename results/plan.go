package results

import (
	"io"

	"github.com/routellm/routellm/eval"
)

// Plan is what benchmarks can show about routers. Differences and margins are in APGR.
type Plan struct {
	SchemaVersion int           `json:"schema_version"`
	Tool          Tool          `json:"tool"`
	Confidence    Value         `json:"confidence"`
	Margin        Value         `json:"margin"` // the difference, and the margin of equivalence, that sizes are needed for
	Inputs        []Input       `json:"inputs"`
	Benchmarks    []PlannedData `json:"benchmarks"`
}

// PlannedData is one data set's plan.
type PlannedData struct {
	Name          string       `json:"name"`
	Title         string       `json:"title"`
	Unit          string       `json:"unit"`
	Pair          Pair         `json:"pair"`
	Samples       int          `json:"samples"`
	Clusters      int          `json:"clusters"`
	Excluded      Excluded     `json:"excluded"`
	StrongQuality Value        `json:"strong_quality"`
	WeakQuality   Value        `json:"weak_quality"`
	Gap           Gap          `json:"gap"`
	Agreement     Value        `json:"agreement"` // share of samples on which both models are as good
	StrongBetter  Value        `json:"strong_better"`
	WeakBetter    Value        `json:"weak_better"`
	OracleAPGR    Value        `json:"oracle_apgr"`
	Headroom      Value        `json:"headroom"`       // of the oracle over a random router
	RandomAPGRSD  Value        `json:"random_apgr_sd"` // the noise floor
	Correlations  []PlannedRho `json:"correlations"`
	Warnings      []string     `json:"warnings"`
}

// PlannedRho is what can be shown of two routers of one rank correlation.
type PlannedRho struct {
	Rho        Value         `json:"rho"`
	Difference int           `json:"samples_for_difference"` // needed to find the margin as a difference; 0 without a gap
	Equivalent int           `json:"samples_for_margin"`     // needed to show equivalence within it
	Sizes      []PlannedSize `json:"sizes"`
}

// PlannedSize is what a number of samples can show.
type PlannedSize struct {
	Samples    int   `json:"samples"`
	SE         Value `json:"se"`         // of the difference in APGR
	Detectable Value `json:"detectable"` // smallest difference found with 80 % power
	Margin     Value `json:"margin"`     // smallest margin within which equality is shown with 80 % power
}

// Fill fills the numbers of a plan for the given correlations and sizes. whole is the
// measured benchmark.
func (d *PlannedData) Fill(whole Benchmark, p eval.Plan, margin float64, rhos []float64, sizes []int) {
	d.Samples, d.Clusters, d.Gap, d.Warnings = whole.Samples, whole.Clusters, whole.Gap, whole.Warnings
	d.StrongQuality, d.WeakQuality = whole.StrongQuality, whole.WeakQuality
	d.Agreement, d.StrongBetter, d.WeakBetter = Value(p.Agreement), Value(p.StrongBetter), Value(p.WeakBetter)
	d.OracleAPGR, d.Headroom, d.RandomAPGRSD = Value(p.Oracle), Value(p.Oracle-0.5), Value(p.RandomSD)
	for _, rho := range rhos {
		r := PlannedRho{Rho: Value(rho), Difference: p.Needed(margin, rho), Equivalent: p.NeededForMargin(margin, rho)}
		for _, n := range sizes {
			r.Sizes = append(r.Sizes, PlannedSize{n, Value(p.SE(n, rho)), Value(p.Detectable(n, rho)), Value(p.Margin(n, rho))})
		}
		d.Correlations = append(d.Correlations, r)
	}
}

// Write writes the plan as JSON with one newline at the end.
func (p *Plan) Write(w io.Writer) error { return writeJSON(w, p) }
