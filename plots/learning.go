package plots

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/text"
)

// Learning is a figure of what a router gains from more training samples. The horizontal axis is
// logarithmic. Call [Learning.Curves] to draw it.
type Learning struct {
	Title  string
	YLabel string
	Name   string  // name of the router
	Shade  string  // what the band is, such as "95 % interval"
	Chance float64 // value of a router without skill
	Points []LearningPoint
}

// LearningPoint is a router's value after training on a number of samples, with its interval.
type LearningPoint struct {
	Samples       int // number of training samples, above 0
	Value, Lo, Hi float64
}

// Curves returns the figure in a form that can be written.
func (l Learning) Curves() Curves {
	c := Curves{Title: l.Title, YLabel: l.YLabel, XLabel: "training samples", Shade: l.Shade}
	if len(l.Points) == 0 {
		return c
	}
	least, most := math.Inf(1), 0.0
	for _, p := range l.Points {
		least, most = min(least, float64(p.Samples)), max(most, float64(p.Samples))
	}
	at := func(samples int) float64 {
		if most == least {
			return 0.5
		}
		return 0.05 + 0.9*math.Log(float64(samples)/least)/math.Log(most/least)
	}
	line := Line{Name: l.Name}
	for _, p := range l.Points {
		x := at(p.Samples)
		line.Points = append(line.Points, Point{x, p.Value})
		line.Lo, line.Hi = append(line.Lo, Point{x, p.Lo}), append(line.Hi, Point{x, p.Hi})
		c.XTicks = append(c.XTicks, XTick{x, text.Thousands(p.Samples)})
		c.Named = append(c.Named, Named{Name: fmt.Sprintf("%.3f", p.Value), StrongFraction: x, Quality: p.Value, Lo: p.Value, Hi: p.Value})
	}
	c.Lines = []Line{line, {Name: "chance", Reference: true, Points: []Point{{0, l.Chance}, {1, l.Chance}}}}
	return c
}

func (l Learning) panels() (Panels, error) { return l.Curves().panels() }
