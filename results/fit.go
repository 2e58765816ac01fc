package results

import "io"

// FitOutcome is what a search for a router ended with.
type FitOutcome string

// The outcomes. FitRouter is a router that is better than chance on the test part and comes with a
// guarantee. FitUnproven is one without: the calibration part is too small, and the fallback always
// calls the best model. FitChance says that the chosen router is not better than chance. FitNothing
// says that there is nothing to route: one model is best for every prompt, or all are equally good.
const (
	FitRouter   FitOutcome = "router"
	FitUnproven FitOutcome = "router without a guarantee"
	FitChance   FitOutcome = "not better than chance"
	FitNothing  FitOutcome = "nothing to route"
)

// The metrics by which routers are chosen and tested.
const (
	MetricAPGR = "apgr"
	MetricArea = "area_over_random" // in units of quality, if no gap between the two models is established
	MetricLift = "lift"             // over the static mix of several models
)

// Fit is the result of routellm fit: which router was chosen for a data set, and how good it is on
// samples that neither trained nor chose it. All fractions are in [0,1].
type Fit struct {
	SchemaVersion int        `json:"schema_version"`
	Tool          Tool       `json:"tool"`
	Seed          uint64     `json:"seed"`
	Inputs        []Input    `json:"inputs"`
	Data          string     `json:"data"` // name of the data set
	Unit          string     `json:"unit"` // unit of quality
	Outcome       FitOutcome `json:"outcome"`
	Confidence    Value      `json:"confidence"`
	Target        FitTarget  `json:"target"`
	Parts         []FitPart  `json:"parts"`             // training, calibration, test
	Weights       *Weights   `json:"weights,omitempty"` // nil if the samples have no weights
	Models        []FitModel `json:"models"`
	Pair          *Pair      `json:"pair,omitempty"` // the two models; nil for several
	// Metric is what routers are chosen by: "apgr", "area_over_random" or "lift".
	Metric     string         `json:"metric"`
	Candidates []FitCandidate `json:"candidates"` // Candidates are listed from the simplest to the most complicated
	Chosen     string         `json:"chosen"`     // name of the chosen candidate; "" if nothing was trained
	Router     ArtifactRouter `json:"router"`     // the written router; empty if there is none
	Test       *FitTest       `json:"test"`       // null if nothing was tested
	Curve      *LearningCurve `json:"learning_curve"`
	// Calibration is the operating point with its guarantee and what it does on the test part; null
	// if nothing was calibrated.
	Calibration *Calibration `json:"calibration"`
	Power       *FitPower    `json:"power"`
	Fallback    string       `json:"fallback"` // the model to call for every prompt where no router is written
	Warnings    []string     `json:"warnings"`
}

// FitTarget is what the operating point has to reach.
type FitTarget struct {
	Target string `json:"target"` // "quality" or "budget_usd"
	Value  Value  `json:"value"`  // share of the best model's quality, or USD per 1,000 prompts
}

// FitPart is one part of the data.
type FitPart struct {
	Name     string `json:"name"`
	Share    Value  `json:"share"` // expected share of the samples
	Samples  int    `json:"samples"`
	Clusters int    `json:"clusters"`
}

// FitModel is one model, always called, on the training part.
type FitModel struct {
	Name    string `json:"name"`
	Samples int    `json:"samples"` // samples on which the model was measured
	Quality Value  `json:"quality"`
	Cost    Value  `json:"cost"` // USD per 1,000 prompts; null if not known
}

// FitCandidate is a router in the cross-validation on the training part.
type FitCandidate struct {
	Name    string `json:"name"`
	Router  string `json:"router"`  // kind of the router, as routellm train and --router name it
	Control bool   `json:"control"` // shown for comparison and never chosen
	Value   Metric `json:"value"`   // out-of-fold value of the metric, with its interval
	SE      Value  `json:"se"`
	// Behind is the best candidate's value minus this one's, and BehindSE the standard error of
	// this difference. The simplest candidate whose Behind is at most BehindSE is chosen.
	Behind   Value  `json:"behind"`
	BehindSE Value  `json:"behind_se"`
	Failed   string `json:"failed,omitempty"` // why it could not be trained
}

// FitTest is the test of the chosen router on the test part.
type FitTest struct {
	Samples  int      `json:"samples"`
	Clusters int      `json:"clusters"`
	Metric   string   `json:"metric"` // metric of the rows, as in [Fit]
	Rows     []FitRow `json:"rows"`
	// Claim tests the chosen router against random or, among several models, against the static
	// mix. It is the only comparison that decides anything.
	Claim Test `json:"claim"`
	// Differences holds the chosen router's value minus that of each control on the same samples.
	Differences []FitDifference `json:"differences"`
}

// FitRow holds what one router reached on the test part.
type FitRow struct {
	Name  string `json:"name"`
	Value Metric `json:"value"`
	// Area is the area over random or, among several models, the lift, in units of quality.
	Area Metric `json:"area"`
}

// FitDifference is a paired difference of the chosen router from a control.
type FitDifference struct {
	From    string `json:"from"`
	Value   Metric `json:"value"`
	Verdict string `json:"verdict"` // verdict of this comparison alone: "better", "worse" or "inconclusive"
}

// LearningCurve says how good the chosen kind of router is after training on fewer samples.
type LearningCurve struct {
	Router string          `json:"router"` // name of the candidate
	Points []LearningPoint `json:"points"`
	// Gain is what twice the training samples would add to the metric: the extrapolation of a line
	// in 1/sqrt(n) through the points, with its interval. Reached is the metric that they would reach.
	Gain    Metric `json:"gain"`
	Reached Metric `json:"reached"`
}

// LabelsHelp reports whether the learning curve shows that more labels would help: they add to the
// metric, and lift it above chance. Where there is nothing to find, a router that learned from few
// samples does harm, and one that learned from many does little.
func (d *Fit) LabelsHelp() bool {
	return d.Curve != nil && d.Curve.Gain.Lo > 0 && float64(d.Curve.Reached.Lo) > Chance(d.Metric)
}

// Chance returns the value of a metric that a router without skill has.
func Chance(metric string) float64 {
	if metric == MetricAPGR {
		return 0.5
	}
	return 0
}

// LearningPoint is the out-of-fold value of the metric after training on a number of samples.
type LearningPoint struct {
	Share   Value  `json:"share"` // share of the training part
	Samples int    `json:"samples"`
	Value   Metric `json:"value"`
	SE      Value  `json:"se"`
}

// FitPower says what the data could have shown, and how many more prompts would show more.
type FitPower struct {
	// Effect is a difference from chance in the metric, and Detectable the smallest one that the
	// test part finds with 80 % power.
	Effect     Value `json:"effect"`
	Detectable Value `json:"detectable"`
	More       int   `json:"more"` // prompts to add to the data, for 80 % power to find Effect; 0 for none
	// Calibration is the number of prompts to add for an 80 % chance of a guarantee that saves a
	// tenth of the calls to the best model; 0 for none, -1 if no number would do.
	Calibration int `json:"calibration"`
}

// Write writes the document as JSON with one newline at the end.
func (f *Fit) Write(w io.Writer) error { return writeJSON(w, f) }

// ReadFit returns the document that [Fit.Write] wrote.
func ReadFit(data []byte) (*Fit, error) { return read[Fit](data) }
