package results

// PairCosts says what the two models of a pair cost if they are always called. Costs and savings
// are in USD per prompt.
type PairCosts struct {
	Strong Metric      `json:"strong"`
	Weak   Metric      `json:"weak"`
	Prices []PriceUsed `json:"prices"` // where the costs come from
}

// RouterCosts holds what a router costs at its operating points: the mean cost of the model that
// it calls for each prompt. The maps have the keys of [Metrics].
type RouterCosts struct {
	CPT         map[string]PointCost `json:"cpt"`
	QualityAt   map[string]PointCost `json:"quality_at"`
	FractionFor map[string]PointCost `json:"fraction_for"`
	Point       *PointCost           `json:"point"` // the only operating point of a router without a curve; else null
}

// PointCost holds the cost of an operating point and what it saves. A saving below 0 is a loss.
// Lo of a saving alone is null where it has no lower bound, because the point is not always
// reached; Hi alone is null where random routing does not always reach the point's quality.
type PointCost struct {
	Cost             Metric `json:"cost"`
	SavingOverStrong Metric `json:"saving_over_strong"` // against always calling the strong model
	SavingOverRandom Metric `json:"saving_over_random"` // against random routing with the same quality
	CostRatio        Metric `json:"cost_ratio"`         // cost of random routing with the same quality, over this cost
}
