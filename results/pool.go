package results

// Axis is what a pool's cost is counted in.
type Axis string

// The axes. CallsAxis counts calls to the strong model and is for two models only.
const (
	CostAxis    Axis = "cost"    // US dollars per prompt
	LatencyAxis Axis = "latency" // seconds per prompt
	CharsAxis   Axis = "chars"   // characters of output per prompt
	CallsAxis   Axis = "calls"   // calls to the strong model per prompt
)

// Pool holds every router's result on one data set where any number of models may be chosen.
// Costs are per prompt in the unit of the axis.
type Pool struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Unit     string   `json:"unit"` // unit of quality
	Axis     Axis     `json:"axis"`
	Samples  int      `json:"samples"`
	Clusters int      `json:"clusters"`
	Weighted bool     `json:"weighted,omitempty"` // the samples have weights, which every mean, share and interval counts
	Excluded Excluded `json:"excluded"`
	Summary  *Summary `json:"summary,omitempty"` // nil if the samples themselves were read
	// Models has every model of the pool, always called, in the order of the data set.
	Models   []PoolModel `json:"models"`
	Best     string      `json:"best"`     // the model with the highest mean quality; the cheapest of several
	Cheapest string      `json:"cheapest"` // the model with the lowest mean cost
	// Range is the range of budgets over which areas are taken.
	Range CostRange `json:"range"`
	// Budgets are the budgets of [PoolRouter.Budgets]: at most MaxBudgets from the lower to the upper
	// end of the range, evenly spaced or, over a wide range, by their logarithm.
	Budgets  []Value      `json:"budgets"`
	Prices   []PriceUsed  `json:"prices,omitempty"` // prices that costs were computed from
	Controls PoolControls `json:"controls"`
	Routers  []PoolRouter `json:"routers"`
	Compat   *PoolCompat  `json:"compat,omitempty"` // figures of another tool, if asked for
	Warnings []string     `json:"warnings"`
}

// PoolModel is one model of a pool, always called.
type PoolModel struct {
	Name    string `json:"name"`
	Cost    Metric `json:"cost"`
	Quality Metric `json:"quality"`
	OnHull  bool   `json:"on_hull"` // part of the static mix
	// PredictedCost is the cost per prompt that routers are given that predict none: the mean on
	// training rows or, without any, on the evaluated ones.
	PredictedCost Value `json:"predicted_cost"`
	Missing       int   `json:"missing"` // rows that lack the model's quality or cost, and are left out
}

// CostRange is a range of budgets.
type CostRange struct {
	Lo    Value `json:"lo"`
	Hi    Value `json:"hi"`
	Given bool  `json:"given"` // whether the user gave it; else the costs of the cheapest and the best model
}

// PoolPoint is an operating point: a router's choices at one lambda.
type PoolPoint struct {
	Lambda  Value `json:"lambda"` // null for +Inf, where only cost counts
	Cost    Value `json:"cost"`
	Quality Value `json:"quality"`
}

// PoolControls holds what routers are compared with.
type PoolControls struct {
	Static []PoolPoint `json:"static"` // the best mixtures of models that look at no prompt
	// StaticMetrics are those of the static mix, whose lifts are 0.
	StaticMetrics PoolMetrics `json:"static_metrics"`
	// Uniform calls each model for an equal share of the prompts.
	Uniform PoolPoint `json:"uniform"`
	// PerTask calls the best model of each task, chosen on training rows; null without them.
	PerTask *PoolPoint `json:"per_task"`
	// Oracle sees the results. It is charged for prompts that no model answers right. It has no points
	// where a summary was read, which does not tell it.
	Oracle        []PoolPoint `json:"oracle"`
	OracleMetrics PoolMetrics `json:"oracle_metrics"` // without intervals
}

// PoolRouter holds the result of one router on one pool.
type PoolRouter struct {
	Name     string   `json:"name"`
	Scores   Source   `json:"scores"`
	Kind     PoolKind `json:"kind"`
	Settings int      `json:"settings,omitempty"` // number of operating points of a router that makes decisions
	Oracle   bool     `json:"oracle,omitempty"`   // the router sees the outcomes, and is not ranked
	// Models lists the models that the router chooses among: all of the pool or, for a router
	// between two, the strong and the weak one.
	Models      []string `json:"models"`
	ModelSHA256 *string  `json:"model_sha256"`
	// Own is the router's own cost per prompt in the unit of the axis, which every point includes.
	Own        Value       `json:"own"`
	OwnLatency Value       `json:"own_latency"` // the router's own seconds per prompt, which latencies include
	Metrics    PoolMetrics `json:"metrics"`
	// Points are the operating points of the table: the end of the path and, for a router
	// without a path, its own ones.
	Points []PoolOperatingPoint `json:"points"`
	Curve  []PoolPoint          `json:"curve"` // vertices by falling lambda, at most MaxVertices
	// Budgets holds what the router does within each of the pool's budgets. A budget that even its
	// cheapest operating point exceeds has missing values and no calls.
	Budgets []PoolBudget `json:"budgets"`
	// AgainstStatic tests the lift against 0; null without intervals and for controls.
	AgainstStatic *Test          `json:"against_static"`
	Standing      Standing       `json:"standing"`
	Optimistic    PoolOptimistic `json:"optimistic"`
	Warnings      []string       `json:"warnings"`
}

// PoolKind says what a router among several models gives.
type PoolKind string

// Predictions are of the quality of each model. Scores order the prompts of two models. Decisions
// name a model for each prompt.
const (
	PoolPredictions PoolKind = "predictions"
	PoolScores      PoolKind = "scores"
	PoolDecisions   PoolKind = "decisions"
)

// PoolMetrics holds the metrics of a path.
type PoolMetrics struct {
	Area    Metric `json:"area"`     // mean quality over the range of budgets
	LogArea Metric `json:"log_area"` // the same over its logarithm
	Lift    Metric `json:"lift"`     // area above the static mix
	LogLift Metric `json:"log_lift"`
	Share   Metric `json:"share"` // area with the cheapest model at 0 and the best at 1
	// CostFor is keyed by share of the best model's quality ("0.95"): the cost that reaches it
	// over the best model's cost.
	CostFor map[string]CostFor `json:"cost_for"`
}

// CostFor is a cost at which a share of the best model's quality is reached.
type CostFor struct {
	Metric
	Never Value `json:"never"` // share of resamples in which it is never reached
}

// PoolOperatingPoint is an operating point with what it does.
type PoolOperatingPoint struct {
	Lambda  Value  `json:"lambda"`            // null for +Inf, where only cost counts
	Setting string `json:"setting,omitempty"` // name of the setting in a file of decisions
	// Reaches is the largest share of the best model's quality that no cheaper point reaches;
	// null for a point that is shown for another reason.
	Reaches    Value            `json:"reaches"`
	Cost       Metric           `json:"cost"`
	Quality    Metric           `json:"quality"`
	OverStatic Metric           `json:"over_static"` // quality above the static mix's at the same cost
	StaticAt   Value            `json:"static_at"`   // quality of the static mix at this cost
	Mix        map[string]Value `json:"mix"`         // share of the prompts that each model answers
	// Dealt is the same mix dealt to prompts at random.
	Dealt      PoolPoint `json:"dealt"`
	DealtSD    Value     `json:"dealt_sd"` // exact standard deviation of its quality
	LatencyP50 Value     `json:"latency_p50"`
	LatencyP95 Value     `json:"latency_p95"`
}

// PoolOptimistic holds published figures that are chosen on the evaluated prompts themselves. They
// are never part of a gate.
type PoolOptimistic struct {
	AIQ         Value `json:"aiq"`          // RouterBench (arXiv 2403.12031)
	QNC         Value `json:"qnc"`          // cost that reaches the best model's quality, over its cost
	QNCHull     Value `json:"qnc_hull"`     // the same on the hull
	PeakQuality Value `json:"peak_quality"` // highest quality along the path
}

// MaxBudgets is the largest number of budgets at which a router's choices are kept.
const MaxBudgets = 101

// PoolBudget is the operating point of a router within a budget: at the first place along its path
// where the mean cost reaches the budget.
type PoolBudget struct {
	PoolPoint
	Mix   Value   `json:"mix"`   // share of ties at lambda that take the most expensive model, in [0,1]
	Calls []Value `json:"calls"` // share of the prompts that each of the pool's models answers
}

// PoolCompat holds the figures of another tool as that tool computes them. They are never part of a
// gate.
type PoolCompat struct {
	Tool string          `json:"tool"` // "routerbench" or "routerarena"
	Rows []PoolCompatRow `json:"rows"`
}

// PoolCompatRow holds the figures of one model, always called, or of one router. Those of the other
// tool are null.
type PoolCompatRow struct {
	Name         string `json:"name"`
	Cost         Value  `json:"cost"` // USD per prompt
	Quality      Value  `json:"quality"`
	AIQ          Value  `json:"aiq"`           // AIQ as RouterBench's program computes it, which is not its paper's
	Score        Value  `json:"score"`         // RouterArena's score
	OptSelection Value  `json:"opt_selection"` // share of prompts with the cheapest right model
	OptCost      Value  `json:"opt_cost"`
	OptAccuracy  Value  `json:"opt_accuracy"`
}
