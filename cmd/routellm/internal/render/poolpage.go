package render

import "github.com/routellm/routellm/results"

// CostUnit says how the costs of a pool are shown.
type CostUnit = costUnit

// CostUnitOf returns the unit of a pool's costs.
func CostUnitOf(p results.Pool) CostUnit { return costUnitOf(p.Axis) }

// Name returns the unit's name, such as "USD per 1,000 prompts".
func (c costUnit) Name() string { return c.name }

// Shown returns a cost as a number in the unit.
func (c costUnit) Shown(v results.Value) float64 { return c.scale * float64(v) }

// Cost writes a cost in the unit, without its name; "?" if it does not exist.
func (c costUnit) Cost(v results.Value) string { return c.cost(v) }

// PoolTitle returns a pool's title, or its name if it has none.
func PoolTitle(p results.Pool) string { return poolTitle(p) }

// PoolUnit returns the unit of a pool's quality.
func PoolUnit(p results.Pool) Unit { return poolUnit(p) }

// Label returns the name of the quality with its unit, such as "accuracy (%)".
func (u Unit) Label() string { return u.label }

// poolCaptions lists the captions of a pool's tables, in their order.
var poolCaptions = []string{
	"Models and controls", "Quality over the budgets, above the static mix", "Cost that reaches a share of the best model's quality",
	"Operating points", "Calls to each model at the operating points",
}

// PoolTables returns the tables of a pool with their captions.
func PoolTables(p results.Pool, i results.Intervals) []Captioned {
	var out []Captioned
	for k, t := range poolTables(p, i) {
		out = append(out, Captioned{poolCaptions[k], t})
	}
	return out
}

// PoolNotes returns the footnotes of a pool: what columns and marks mean, and all warnings.
func PoolNotes(p results.Pool, i results.Intervals) []string { return poolNotes(p, i) }
