package harness

import (
	"fmt"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/num"
)

// Part says what samples of a divided data set are for.
type Part int

// The parts, in the order of [Division.Shares].
const (
	TrainingPart Part = iota
	CalibrationPart
	TestPart
)

// Division divides a data set into a part to train on, one that sets thresholds and one that tests.
// Samples that share a cluster or a prompt are in one part. Which one depends on the seed and the
// smallest digest of their prompts, and neither on the order of the rows nor on other samples.
type Division struct {
	Shares [3]float64 // Shares holds the expected share of each part; they sum to 1
	Seed   uint64
}

// check refuses shares that leave a part empty.
func (d Division) check() error {
	sum := 0.0
	for _, share := range d.Shares {
		if !(share > 0 && share < 1) {
			return fmt.Errorf("share %v of a part: expected a number between 0 and 1", share)
		}
		sum += share
	}
	if !num.Finite(sum) || sum < 1-1e-9 || sum > 1+1e-9 {
		return fmt.Errorf("the shares of the parts sum to %v, expected 1", sum)
	}
	return nil
}

// of returns the part of each row of a table that was read with the digests of its prompts.
func (d Division) of(t *datasets.Table) []Part {
	out := make([]Part, t.Rows())
	for i, k := range eval.SplitShares(divisionKeys(t), d.Shares[:], d.Seed) {
		out[i] = Part(k)
	}
	return out
}

// divisionKeys returns the key of each row by which a data set is divided: the smallest digest of
// the prompts that share a cluster or a prompt with the row, directly or through others.
func divisionKeys(t *datasets.Table) []string {
	keys := eval.Groups(t.PromptNormSHA256, t.Cluster)
	for i, k := range keys {
		keys[i] = "fit/" + k
	}
	return keys
}
