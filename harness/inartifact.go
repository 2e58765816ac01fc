package harness

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// maxDigests is the number of prompts by which an artifact recognizes its calibration data in
// another file.
const maxDigests = 512

// digestLength is the number of hex digits of a prompt's digest in an artifact.
const digestLength = 16

// shortDigest returns the first digits of a prompt's digest.
func shortDigest(norm string) string { return norm[:min(digestLength, len(norm))] }

// splitOf returns how the samples were split. set has the indices of the evaluated samples in
// the calibration part.
func splitOf(b *evaluatedData, set []int, holdout float64, seed uint64) *results.Split {
	s := &results.Split{Holdout: holdout, Seed: seed, Digests: []string{}}
	if norms := b.norms(); norms != nil {
		for _, i := range set {
			s.Digests = append(s.Digests, shortDigest(norms[i]))
		}
	}
	slices.Sort(s.Digests)
	s.Digests = slices.Compact(s.Digests)
	s.Digests = s.Digests[:min(maxDigests, len(s.Digests))]
	return s
}

// origin says how a benchmark is related to the data that a threshold was set on.
type origin struct {
	same    bool   // the benchmark holds samples that the threshold was set on
	setting []bool // per row: the row belongs to the calibration part; nil if that is unknown
}

// originOf finds the rows that the threshold was set on. keys has the key of each row by which
// calibrate split the samples.
func (c *Calibrated) originOf(input results.Input, t *datasets.Table, keys []string) origin {
	o := origin{same: slices.ContainsFunc(c.artifact.Inputs, func(i results.Input) bool { return i.SHA256 == input.SHA256 })}
	split := c.artifact.Split
	if split == nil {
		return o
	}
	setting := settingRows(split, t, keys)
	shared := overlapOfSplit(split, t.PromptNormSHA256, setting)
	if o.same || shared.sameRows() {
		o.same, o.setting = true, setting
	}
	o.same = o.same || shared.samePrompts(settingShare(split))
	return o
}

// settingRows reports for each row whether it is in the calibration part.
func settingRows(split *results.Split, t *datasets.Table, keys []string) []bool {
	setting := make([]bool, len(keys))
	if len(split.Parts) == 3 && t.PromptNormSHA256 != nil {
		d := Division{Shares: [3]float64(split.Parts), Seed: split.Seed}
		for i, part := range d.of(t) {
			setting[i] = part == CalibrationPart
		}
		return setting
	}
	set, _ := eval.Split(keys, split.Holdout, split.Seed)
	for _, i := range set {
		setting[i] = true
	}
	return setting
}

// shared counts the rows whose digests are in the range of the digests in an artifact: all rows or,
// since an artifact holds the smallest digests, those that it would hold if they had set the
// threshold.
type shared struct {
	rows    int
	setting int // rows in the calibration part, by their keys
	found   int // rows with a prompt of the artifact
	stray   int // found rows that are not in the calibration part
}

func overlapOfSplit(split *results.Split, norms []string, setting []bool) (s shared) {
	digests := split.Digests
	for i, norm := range norms {
		at, ok := slices.BinarySearch(digests, shortDigest(norm))
		if at == len(digests) && len(digests) == maxDigests {
			continue // beyond the range
		}
		s.rows++
		if setting[i] {
			s.setting++
		}
		if ok {
			s.found++
			if !setting[i] {
				s.stray++
			}
		}
	}
	return s
}

// sameRows reports whether the rows are of the calibration data and have its keys. Half of the
// calibration part is enough, as it lacks the rows that were left out. Other data may well share
// some prompts.
func (s shared) sameRows() bool { return s.found > 0 && s.stray == 0 && 2*s.found >= s.setting }

// samePrompts reports whether the rows are of the calibration data but may have other keys.
// settingShare is the expected share of the rows that set the threshold.
func (s shared) samePrompts(settingShare float64) bool {
	return s.found > 0 && 2*float64(s.found) >= settingShare*float64(s.rows)
}

// settingShare returns the expected share of the samples that set a threshold.
func settingShare(split *results.Split) float64 {
	if len(split.Parts) == 3 {
		return split.Parts[CalibrationPart]
	}
	return 1 - split.Holdout
}

// originIn returns how the benchmark is related to the data of the threshold, also if it was
// loaded for another one or for none.
func (c *Calibrated) originIn(b *Benchmark) origin {
	if b.demand.threshold == c {
		return b.origin
	}
	table := *b.table
	table.Cluster = b.given
	return c.originOf(b.input, &table, calibrationKeys(&table))
}

// warning returns a sentence about evaluated samples that the threshold was set on, "" if there
// are none. used has the rows of the evaluated samples.
func (o origin) warning(used []int) string {
	if !o.same {
		return ""
	}
	if o.setting == nil {
		return "in-sample: its threshold was set on these samples"
	}
	kept := 0
	for _, i := range used {
		if o.setting[i] {
			kept++
		}
	}
	if kept == 0 {
		return ""
	}
	return fmt.Sprintf("in-sample: its threshold was set on %s of these samples", text.Thousands(kept))
}

// calibrationKeys returns the key of each row by which calibrate splits a data set: samples
// with the same key are of one cluster or have equal prompts.
func calibrationKeys(t *datasets.Table) []string { return eval.Groups(t.Cluster, t.PromptNormSHA256) }
