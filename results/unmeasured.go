package results

// MaxUnmeasured is the largest share of samples without both outcomes that needs no warning.
const MaxUnmeasured = 0.02

// Unmeasured describes the samples that are left out because a model of the pair was not
// measured on them, and the gap between the models with them: as small and as large as it can
// be, with what is not measured counted as worst and as best.
type Unmeasured struct {
	Samples    int    `json:"samples"`
	Share      Value  `json:"share"`       // share of the samples that are not left out for another reason
	QualityMin Value  `json:"quality_min"` // lowest possible quality
	QualityMax Value  `json:"quality_max"` // highest possible quality
	Range      string `json:"range"`       // "given" by the data set, or "observed" in it
	GapLo      Value  `json:"gap_lo"`
	GapHi      Value  `json:"gap_hi"`

	Length *UnmeasuredLength `json:"length,omitempty"` // nil if the prompts' lengths are unknown or too few samples are left out
}

// UnmeasuredLength compares the lengths of the prompts that are left out with those of the others.
type UnmeasuredLength struct {
	Unmeasured Value `json:"unmeasured_chars"` // median length in characters
	Measured   Value `json:"measured_chars"`   // median length in characters
	P          Value `json:"p"`                // p value of the rank-sum test
}

// MaxLengthP is the largest p value at which prompts that are not measured differ in length from
// the others.
const MaxLengthP = 0.01

// Many reports whether so many samples are not measured that readers need a warning.
func (u *Unmeasured) Many() bool { return u != nil && u.Share > MaxUnmeasured }
