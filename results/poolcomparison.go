package results

// ComparedPool holds all pairs of routers on one data set with any number of models.
type ComparedPool struct {
	Name     string               `json:"name"`
	Title    string               `json:"title"`
	Unit     string               `json:"unit"`
	Axis     Axis                 `json:"axis"`
	Models   []string             `json:"models"`
	Samples  int                  `json:"samples"`
	Clusters int                  `json:"clusters"`
	Routers  []ComparedPoolRouter `json:"routers"`
	Pairs    []ComparedPoolPair   `json:"pairs"`
	Warnings []string             `json:"warnings"`
}

// ComparedPoolRouter holds a router's metrics.
type ComparedPoolRouter struct {
	Name          string `json:"name"`
	Lift          Metric `json:"lift"`
	LogLift       Metric `json:"log_lift"`
	CostFor95     Metric `json:"cost_for_95"`
	AgainstStatic *Test  `json:"against_static"` // tests the lift against 0; null if it cannot be tested
}

// ComparedPoolPair compares two routers. Differences are A minus B.
type ComparedPoolPair struct {
	A       string         `json:"a"`
	B       string         `json:"b"`
	Lift    PoolDifference `json:"lift"`
	LogLift PoolDifference `json:"log_lift"`
	// LogCostFor95 is the difference of the natural logarithms of the costs that reach 95 % of the
	// best model's quality: below 0, A is cheaper.
	LogCostFor95 PoolDifference `json:"log_cost_for_95"`
}

// PoolDifference is a difference with its interval and its verdict about A.
type PoolDifference struct {
	Difference Metric `json:"difference"`
	Detectable Value  `json:"detectable"` // smallest true difference that is found with 80 % power
	P          Value  `json:"p"`          // p value of this comparison alone
	PAdjusted  Value  `json:"p_adjusted"` // adjusted for all comparisons of this metric on the pool; it decides the verdict
	Verdict    string `json:"verdict"`    // "better", "worse", "equivalent" or "inconclusive"
}
