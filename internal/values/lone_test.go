package values

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// found lists what Lone finds in values, each repeated as often as given.
func found(values ...[2]float64) string {
	var l Lone
	row := 0
	for _, v := range values {
		for range int(v[1]) {
			row++
			l.Add(v[0], row)
		}
	}
	var out []string
	for _, v := range l.Found() {
		out = append(out, v.String())
	}
	return strings.Join(out, "; ")
}

func TestLone(t *testing.T) {
	type v = [2]float64
	for _, c := range []struct {
		values []v
		want   string
	}{
		{[]v{{3, 10}, {5, 14}, {-1, 2}, {9, 13}, {10, 4}}, "-1, while all others are from 3 to 10"},
		{[]v{{7, 2}, {-1, 2}, {10, 2}}, "-1, while all others are from 7 to 10"}, // a third of the answers failed
		{[]v{{0, 50}, {1, 50}, {-1, 3}}, "-1, while all others are from 0 to 1"},
		{[]v{{0.3, 50}, {0.7, 50}, {-1, 3}}, "-1, while all others are from 0.3 to 0.7"},
		{[]v{{3, 10}, {10, 10}, {999, 1}}, "999, while all others are from 3 to 10"},
		{[]v{{3, 10}, {10, 10}, {99, 1}, {-1, 1}}, "-1, while all others are from 3 to 10; 99, while all others are from 3 to 10"},
		{[]v{{0, 10}, {1, 10}, {-99, 1}, {99, 1}}, "-99, while all others are from 0 to 1; 99, while all others are from 0 to 1"},
		{[]v{{0, 50}, {1, 50}, {10, 1}}, "10, while all others are from 0 to 1"},
		{[]v{{1, 50}, {4.5, 50}, {45, 1}}, "45, while all others are from 1 to 4.5"},
		{[]v{{0.5, 20}, {99.5, 20}, {-999, 3}}, "-999, while all others are from 0.5 to 99.5"},
		{[]v{{10, 20}, {-1, 1}}, "-1, while all others are from 10 to 10"},
		// Honest values.
		{[]v{{0, 60}, {1, 40}}, ""},
		{[]v{{-1, 20}, {0, 40}, {1, 40}}, ""}, // lost, tied, won
		{[]v{{-1, 10}, {-2, 10}, {3, 80}}, ""},
		{[]v{{8, 50}, {9, 30}, {10, 19}, {1, 1}}, ""},
		{[]v{{1, 99}, {10, 1}}, ""},
		{[]v{{1, 99}, {5, 1}}, ""},
		{[]v{{0, 1}, {5, 30}, {10, 30}}, ""}, // 0 may be a grade
		{[]v{{95, 30}, {98, 30}, {99, 1}}, ""},
		{[]v{{0.91, 30}, {0.93, 30}, {12.25, 1}}, ""}, // a reward without bounds
		{[]v{{3, 1}, {4, 1}, {-1, 1}}, ""},            // too few
		{[]v{{5, 100}}, ""}, {[]v{{-1, 100}}, ""}, {nil, ""}, {[]v{{math.NaN(), 9}}, ""},
	} {
		if got := found(c.values...); got != c.want {
			t.Errorf("%v: %q, expected %q", c.values, got, c.want)
		}
	}
	var l Lone
	for row := range 100 {
		l.Add([]float64{-1, 3, 4, 5}[row%4], row)
	}
	if f := l.Found(); len(f) != 1 || f[0].Count != 25 || len(f[0].Rows) != Listed || f[0].Rows[1] != 4 {
		t.Errorf("%+v", f)
	}
}

// TestLoneIgnoresOrder adds the same values in many orders.
func TestLoneIgnoresOrder(t *testing.T) {
	values := []float64{-1, 3, 4, 5, 10, 999, 7, 7, -1}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		r.Shuffle(len(values), func(i, k int) { values[i], values[k] = values[k], values[i] })
		var l Lone
		for i, v := range values {
			l.Add(v, i)
		}
		f := l.Found()
		if len(f) != 2 || f[0].Value != -1 || f[0].Count != 2 || f[1].Value != 999 || f[0].Hi != 10 || f[1].Lo != 3 {
			t.Fatalf("%v: %+v", values, f)
		}
		if rows := f[0].Rows; len(rows) != 2 || values[rows[0]] != -1 || !slices.IsSorted(rows) {
			t.Fatalf("%v: rows %v", values, rows)
		}
	}
}

// TestLoneFalseAlarms draws honest data of many kinds, among them grades of which a value is
// rare. Over 20,000 files of each kind, counts with heavy tails alarm at most 19 times in 10,000 and
// every other kind at most 3 times.
func TestLoneFalseAlarms(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 3))
	rarely := func(p float64, v, other float64) float64 {
		if r.Float64() < p {
			return v
		}
		return other
	}
	kinds := map[string]func() float64{
		"0 or 1":                   func() float64 { return float64(r.IntN(2)) },
		"nearly all 1":             func() float64 { return rarely(0.01, 0, 1) },
		"nearly all 0":             func() float64 { return rarely(0.01, 1, 0) },
		"1 to 10":                  func() float64 { return float64(1 + r.IntN(10)) },
		"7 to 10 and few 1":        func() float64 { return rarely(0.01, 1, float64(7+r.IntN(4))) },
		"9, 10 and few 1":          func() float64 { return rarely(0.01, 1, float64(9+r.IntN(2))) },
		"5 to 10 and few 0":        func() float64 { return rarely(0.01, 0, float64(5+r.IntN(6))) },
		"1 to 5, mostly 1":         func() float64 { return rarely(0.02, float64(1+r.IntN(5)), 1) },
		"1 to 10, mostly 1 and 2":  func() float64 { return rarely(0.02, float64(1+r.IntN(10)), float64(1+r.IntN(2))) },
		"shares":                   r.Float64,
		"0 to 100":                 func() float64 { return float64(r.IntN(101)) },
		"0 to 100 in halves, high": func() float64 { return math.Round(200-10*math.Abs(r.NormFloat64())) / 2 },
		"normal rewards":           r.NormFloat64,
		"normal rewards above 0":   func() float64 { return 3 + r.NormFloat64() },
		"exponential losses":       r.ExpFloat64,
		"heavy tails":              func() float64 { return math.Pow(r.Float64(), -1) },
		"heavy tails, both sides":  func() float64 { return r.NormFloat64() / r.NormFloat64() },
		"lost, tied or won":        func() float64 { return float64(r.IntN(3) - 1) },
		"-3 to 3":                  func() float64 { return float64(r.IntN(7) - 3) },
		"counts":                   func() float64 { return math.Floor(10 * r.ExpFloat64()) },
		"counts with heavy tails":  func() float64 { return math.Floor(math.Pow(r.Float64(), -1)) },
		"rewards in hundredths":    func() float64 { return math.Round(100*r.NormFloat64()) / 100 },
		"log probabilities":        func() float64 { return -20 * r.ExpFloat64() },
	}
	const files = 1000
	for _, name := range slices.Sorted(maps.Keys(kinds)) { // all draw from one generator
		draw := kinds[name]
		for _, n := range []int{10, 80, 1000} {
			alarms := 0
			for range files {
				var l Lone
				for i := range n {
					l.Add(draw(), i)
				}
				if len(l.Found()) > 0 {
					alarms++
				}
			}
			if alarms > files/100 {
				t.Errorf("%s, %d values: %d alarms in %d files", name, n, alarms, files)
			}
		}
	}
}
