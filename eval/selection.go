package eval

import (
	"errors"
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/num"
)

var errNoScores = errors.New("no scores: want at least one")

// digitBits is the width of one radix digit. A key has four digits.
const digitBits = 16

// selection holds the state of the search for the k-th largest key after each pass.
type selection struct {
	k      int64
	prefix uint64  // digits found so far, in the high bits
	above  int64   // number of keys larger than any key with this prefix
	equal  int64   // number of keys with this prefix
	counts []int64 // histogram of the next digit in this pass
}

// selectLargest returns the k-th largest score for each fraction p, k = round(p n), and the
// number n of scores. It uses radix selection: pass d counts the d-th 16-bit digit of the keys
// that share the digits found before.
func selectLargest(scores Stream, fractions []float64) ([]selection, int64, error) {
	n, first, err := firstDigits(scores)
	if err != nil {
		return nil, 0, err
	}
	targets := make([]selection, len(fractions))
	for i, p := range fractions {
		targets[i] = selection{k: int64(math.Round(p * float64(n))), counts: first}
		targets[i].descend(0)
	}
	for digit := 1; digit < 64/digitBits; digit++ {
		for i := range targets {
			targets[i].counts = make([]int64, 1<<digitBits)
		}
		if err := countDigits(scores, digit, targets, n); err != nil {
			return nil, 0, err
		}
		for i := range targets {
			targets[i].descend(digit)
		}
	}
	return targets, n, nil
}

// firstDigits counts the first digit of every key and checks that the scores are finite.
func firstDigits(scores Stream) (n int64, counts []int64, err error) {
	counts = make([]int64, 1<<digitBits)
	err = scores(func(batch []float64) error {
		for i, s := range batch {
			if !num.Finite(s) {
				return fmt.Errorf("score %d is not finite (%v): want a finite number", n+int64(i)+1, s)
			}
			counts[keyOf(s)>>(64-digitBits)]++
		}
		n += int64(len(batch))
		return nil
	})
	if err == nil && n == 0 {
		err = errNoScores
	}
	return n, counts, err
}

// countDigits makes one pass and fills in every target's histogram.
func countDigits(scores Stream, digit int, targets []selection, want int64) error {
	shift := 64 - digitBits*digit
	var n int64
	err := scores(func(batch []float64) error {
		n += int64(len(batch))
		for _, s := range batch {
			key := keyOf(s)
			for t := range targets {
				if key>>shift == targets[t].prefix>>shift {
					targets[t].counts[key>>(shift-digitBits)&(1<<digitBits-1)]++
				}
			}
		}
		return nil
	})
	if err == nil && n != want {
		err = fmt.Errorf("the stream has %d scores in the first pass and %d in a later one: want the same scores in every pass", want, n)
	}
	return err
}

// descend appends to the prefix the digit that holds the k-th largest key.
func (s *selection) descend(digit int) {
	if s.k == 0 {
		return
	}
	for d := len(s.counts) - 1; d >= 0; d-- {
		if s.above+s.counts[d] >= s.k {
			s.prefix |= uint64(d) << (64 - digitBits*(digit+1))
			s.equal = s.counts[d]
			return
		}
		s.above += s.counts[d]
	}
}

// keyOf maps a float to an integer such that the order is kept. -0 and +0 have the same key.
func keyOf(x float64) uint64 {
	b := math.Float64bits(x + 0)
	if b>>63 != 0 {
		return ^b
	}
	return b | 1<<63
}

// scoreOf returns the float with the given key.
func scoreOf(key uint64) float64 {
	if key>>63 != 0 {
		return math.Float64frombits(key &^ (1 << 63))
	}
	return math.Float64frombits(^key)
}
