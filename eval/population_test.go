package eval

import (
	"encoding/csv"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
)

// population is an infinite population whose outcomes are as frequent as in a built-in
// benchmark. A router's score is skill times the gain plus standard normal noise, with the
// gain in units of its standard deviation.
type population struct {
	strong, weak []float64 // one quality per sample of the benchmark
	skill        float64
}

// readPopulation reads the frequency of each pair of outcomes in a benchmark.
func readPopulation(t testing.TB, benchmark string, skill float64) population {
	t.Helper()
	f, err := os.Open("testdata/outcomes.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	p := population{skill: skill}
	number := func(text string) float64 {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, row := range rows[1:] {
		if row[0] != benchmark {
			continue
		}
		for range int(number(row[3])) {
			p.strong, p.weak = append(p.strong, number(row[1])), append(p.weak, number(row[2]))
		}
	}
	sd := math.Sqrt(squaredDeviations(p.gains()) / float64(len(p.strong)))
	p.skill /= sd
	return p
}

func (p population) gains() []float64 { return Outcomes{Strong: p.strong, Weak: p.weak}.Gains() }

// curve returns the true curve of a router on the population.
func (p population) curve() *Curve {
	c := &Curve{N: 1, total: 1}
	c.Strong, c.Weak = Outcomes{Strong: p.strong, Weak: p.weak}.Means()
	count := map[float64]float64{}
	for _, g := range p.gains() {
		count[g] += 1 / float64(len(p.strong))
	}
	values := slices.Sorted(maps.Keys(count))
	for t := 12.0; t > -12; t -= 0.001 {
		fraction, gain := 0.0, 0.0
		for _, g := range values {
			above := count[g] * math.Erfc((t-p.skill*g)/math.Sqrt2) / 2
			fraction += above
			gain += above * g
		}
		c.Vertices = append(c.Vertices, Vertex{t, fraction, c.Weak + gain})
		c.gains = append(c.gains, gain)
	}
	c.Vertices[len(c.Vertices)-1].StrongFraction = 1
	return c
}
