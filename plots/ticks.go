package plots

// Tick is a labelled position on an axis.
type Tick struct {
	Value float64 // position, in displayed units
	Text  string
}

// Ticks returns about want ticks between lo and hi, lo < hi, as on the axes of the figures: at
// multiples of 1, 2 or 5 times a power of ten, with as many decimals as the step needs.
func Ticks(lo, hi float64, want int) []Tick {
	var out []Tick
	for _, t := range newAxis(lo, hi, want).ticks {
		out = append(out, Tick{t.value, t.text})
	}
	return out
}
