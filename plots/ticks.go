package plots

// Tick is a labelled place of an axis, in displayed units.
type Tick struct {
	Value float64
	Text  string
}

// Ticks puts about want ticks between lo and hi, lo < hi, as the figures' axes have
// them: at multiples of 1, 2 or 5 times a power of ten, with just the decimals that tell
// them apart.
func Ticks(lo, hi float64, want int) []Tick {
	var out []Tick
	for _, t := range newAxis(lo, hi, want).ticks {
		out = append(out, Tick{t.value, t.text})
	}
	return out
}
