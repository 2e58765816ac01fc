package report

import "github.com/routellm/routellm/plots"

// PoolSection shows routers among several models on one data set of one results file.
type PoolSection struct {
	ID      string // HTML id, unique on the page: letters, digits and dashes
	Title   string
	Facts   []Fact
	Summary []string // the main results, in sentences
	Chart   plots.Pool
	Budgets Budgets
	Tables  []Block
	Notes   []string
}

// Budgets holds what every router does within each budget of the slider.
type Budgets struct {
	Unit    string    // unit of the budgets, such as "USD per 1,000 prompts"
	Quality string    // name of quality with its unit, such as "accuracy (%)"
	Best    string    // the best model that is always called
	Models  []string  // names of the models
	At      []float64 // budgets, in rising order, in the unit of the chart
	Texts   []string  // the budgets as displayed
	Routers []BudgetRow
}

// BudgetRow holds one router's operating points. Each column has one text per budget, as displayed:
// "-" where there is no such point.
type BudgetRow struct {
	Name    string
	Quality []string
	Cost    []string   // what is spent, which is less than the budget where the router cannot spend more
	Saved   []string   // what that saves against always calling the best model
	Kept    []string   // share of the best model's quality, in per cent
	Lambda  []string   // quality that a unit of cost must bring; nil for a row without a policy
	Calls   [][]string // [model]: share of the prompts that the model answers, in per cent; nil if not known
}

// start returns the slider's initial position: the middle.
func (b Budgets) start() int { return (len(b.At) - 1) / 2 }
