package results

// PoolOutcomes is a calibration of a router among several models: one part of the samples finds an
// operating point, and the held-out part reports what it does.
type PoolOutcomes struct {
	Title               string       `json:"title"`
	Unit                string       `json:"unit"`
	Seed                uint64       `json:"seed"`
	Calibration         int          `json:"calibration"` // number of samples that chose the operating point
	HeldOut             int          `json:"held_out"`    // number of held-out samples
	CalibrationClusters Value        `json:"calibration_clusters"`
	HeldOutClusters     Value        `json:"held_out_clusters"`
	Excluded            Excluded     `json:"excluded"`
	NearCopies          []NearCopies `json:"near_copies,omitempty"`
	// Best is the model whose quality is to be kept: the one with the highest mean quality on the
	// calibration part, the cheapest of several.
	Best   string              `json:"best"`
	Models []CalibratedModel   `json:"models"`
	Points []PoolPolicyMeasure `json:"points"`
}

// CalibratedModel is a model of the pool, always called, on the held-out part.
type CalibratedModel struct {
	Name    string `json:"name"`
	Cost    Value  `json:"cost"` // USD per 1,000 prompts
	Quality Value  `json:"quality"`
}

// PoolPolicyMeasure is an operating point with its guarantee and its measures on both parts:
// quality, share_of_best, cost_usd and saving_usd (USD per 1,000 prompts, the saving over always
// calling the best model), and "share:MODEL", the share of the prompts that each model answers.
type PoolPolicyMeasure struct {
	Guarantee
	Policy   PoolPolicy `json:"policy"`
	Measures []Measure  `json:"measures"`
}
