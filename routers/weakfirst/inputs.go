package weakfirst

import (
	"math"
	"slices"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/signals"
)

// leastKnown is the number of training prompts for which a signal must be known to be read.
const leastKnown = 20

// readings returns the signals that are known for enough rows and differ between them.
func (t *trainer) readings() []reading {
	var out []reading
	for at, s := range signals.All() {
		var known []float64
		for _, row := range t.signals {
			if !math.IsNaN(row[at]) {
				known = append(known, row[at])
			}
		}
		if len(known) < leastKnown || slices.Min(known) == slices.Max(known) || slices.Contains(t.options.Without, s.Name) {
			continue
		}
		mean, sd := moments(known)
		out = append(out, reading{name: s.Name, at: at, mean: mean, scale: 1 / sd, always: len(known) == len(t.signals)})
	}
	return out
}

// moments returns the mean and the standard deviation.
func moments(x []float64) (mean, sd float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		sd += float64((v-mean)*(v-mean)) / n
	}
	return mean, math.Sqrt(sd)
}

// samples returns the number of further answers per prompt: the least that explains all agreements.
func (t *trainer) samples() int {
	const most = 100
	whole := func(k int) bool {
		return !slices.ContainsFunc(t.all.Prompts, func(p routers.Prompt) bool {
			v := p.Answer.Agreement * float64(k)
			return num.Finite(v) && math.Abs(v-math.Round(v)) > 1e-6
		})
	}
	for k := 1; k < most; k++ {
		if whole(k) {
			return k
		}
	}
	return most
}

// scaled computes the scaled inputs of the answered rows, and their scale. The vector is scaled as a
// whole to a variance of 1, which keeps directions, and each count by itself.
func (t *trainer) scaled(m *Model) error {
	dim := 0
	if t.options.Prompt {
		dim = len(t.all.Prompts[0].Vector)
	}
	raw := make([][]float64, len(t.answered))
	for i, k := range t.answered {
		var err error
		if raw[i], err = promptInputs(nil, &t.all.Prompts[k], dim); err != nil {
			return err
		}
	}
	m.scale = scaleOf(raw)
	for i, k := range t.answered {
		x, err := m.inputs(nil, &t.all.Prompts[k], t.signals[i])
		if err != nil {
			return err
		}
		t.x = append(t.x, x)
	}
	return nil
}

// scaleOf returns the scale of rows of prompt inputs.
func scaleOf(rows [][]float64) scale {
	var s scale
	total := 0.0
	column := make([]float64, len(rows))
	for k := range rows[0] {
		for i, row := range rows {
			column[i] = row[k]
		}
		mean, sd := moments(column)
		if slices.Min(column) == slices.Max(column) {
			sd = 0 // not what rounding makes of it, which would blow up any other value
		}
		s.mean, s.factor = append(s.mean, mean), append(s.factor, sd)
		if k >= len(counts) {
			total += float64(sd * sd)
		}
	}
	for k, sd := range s.factor {
		if k >= len(counts) {
			sd = math.Sqrt(total)
		}
		s.factor[k] = 1
		if sd > 0 {
			s.factor[k] = 1 / sd
		}
	}
	return s
}
