package traincmd

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/routers/training"
)

// writePath plots the held-out error of every setting that cross-validation tried, divided
// by the smallest error of its source.
func writePath(path string, reports []training.Report) error {
	c := plots.Curves{Title: "how cross-validation chose", XLabel: "setting", YLabel: "held-out error over the least"}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, r := range reports {
		for _, s := range r.Path {
			lo, hi = min(lo, math.Log10(s.Setting)), max(hi, math.Log10(s.Setting))
		}
	}
	at := func(setting float64) float64 { return (math.Log10(setting) - lo) / (hi - lo) }
	for k := math.Ceil(lo); k <= hi; k++ {
		c.XTicks = append(c.XTicks, plots.XTick{At: at(math.Pow(10, k)), Text: fmt.Sprintf("%g", math.Pow(10, k))})
	}
	for _, r := range reports {
		if len(r.Path) == 0 {
			continue
		}
		least := slices.MinFunc(r.Path, func(a, b training.Step) int { return int(math.Copysign(1, a.Error-b.Error)) })
		line := plots.Line{Name: r.Source}
		for _, s := range r.Path {
			line.Points = append(line.Points, plots.Point{StrongFraction: at(s.Setting), Quality: s.Error / least.Error})
		}
		c.Lines = append(c.Lines, line)
		c.Dots = append(c.Dots, plots.Dot{Name: r.Source + ": " + r.Setting, StrongFraction: at(least.Setting), Quality: 1, Of: r.Source})
	}
	return render.Picture(path, plots.DefaultStyle(), c)
}
