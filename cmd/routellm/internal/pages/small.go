package pages

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
)

const (
	mostTasks  = 24 // largest number of tasks with a chart of their own
	smallSteps = 20 // number of pieces of a small curve

	// oracle is left out of small charts: it would leave the routers little room.
	oracle = "oracle"
)

// smallCharts returns a chart per task, of the largest tasks if there are many. There are none for a
// single task. As tasks differ more in how hard they are than routers do, a chart shows how far a router
// is above random routing.
func smallCharts(b results.Benchmark, c *harness.ScoredBenchmark, routers []string) (report.Small, error) {
	groups := byTask(c.Tasks)
	if len(groups) < 2 {
		return report.Small{}, nil
	}
	slices.SortStableFunc(groups, func(a, b task) int { return cmp.Compare(len(b.rows), len(a.rows)) })
	out := report.Small{Note: fmt.Sprintf("One chart for each of the %s.", text.Plural(len(groups), "task"))}
	if len(groups) > mostTasks {
		out.Note = fmt.Sprintf("One chart for each of the %d tasks with the most samples, of %s.", mostTasks, text.Thousands(len(groups)))
		groups = groups[:mostTasks]
	}
	u := render.UnitOf(b)
	for _, t := range groups {
		x := report.SmallChart{Task: t.name, Samples: len(t.rows), Chart: plots.Curves{YLabel: u.Label() + " above random routing", YScale: u.Scale}}
		o := c.Outcomes.Select(t.rows)
		for k, name := range routers {
			if name == oracle {
				continue
			}
			curve, err := eval.NewCurve(o, slicesx.Pick(c.Scores[k], t.rows))
			if err != nil {
				return report.Small{}, err
			}
			line := plots.Line{Name: name}
			for i := range smallSteps + 1 {
				at := float64(i) / smallSteps
				random := float64((1-at)*curve.Weak) + float64(at*curve.Strong)
				line.Points = append(line.Points, plots.Point{StrongFraction: at, Quality: curve.QualityAt(at) - random})
			}
			x.Chart.Lines = append(x.Chart.Lines, line)
		}
		x.Chart.Random = &plots.Band{Mid: []plots.Point{{StrongFraction: 0}, {StrongFraction: 1}}}
		out.Charts = append(out.Charts, x)
	}
	return out, nil
}

// task holds the rows of a task.
type task struct {
	name string
	rows []int
}

// byTask groups rows by task, in the order of the first row of each.
func byTask(tasks []string) []task {
	var out []task
	at := map[string]int{}
	for i, name := range tasks {
		k, ok := at[name]
		if !ok {
			k = len(out)
			at[name] = k
			out = append(out, task{name: name})
		}
		out[k].rows = append(out[k].rows, i)
	}
	return out
}
