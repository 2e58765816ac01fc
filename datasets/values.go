package datasets

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// expectedText returns a description of the expected text if v is invalid, and "" if it is valid.
// A null task or cluster is valid: fillGaps replaces it.
func expectedText(column, v string) string {
	switch column {
	case colSampleID:
		if v == parquetfile.NullText || v == "" {
			return "a unique id"
		}
	case colPrompt:
		if v == parquetfile.NullText {
			return "a prompt in every row"
		}
	case colModelA, colModelB:
		if v == parquetfile.NullText || v == "" {
			return "a model name"
		}
	case colWinner:
		if !slices.Contains(Winners(), v) {
			return "one of " + strings.Join(Winners(), ", ")
		}
	case colSHA256, colNormSHA256:
		if !isDigest(v) {
			return "64 lower-case hex digits"
		}
	}
	return ""
}

func isDigest(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

func quote(v string) string {
	if v == parquetfile.NullText {
		return "null"
	}
	if len(v) > 80 {
		return fmt.Sprintf("%.80q...", v)
	}
	return fmt.Sprintf("%q", v)
}

// expectedNumber returns a description of the expected number if v is invalid, and "" if it is
// valid.
func expectedNumber(role role, v float64, meta Meta) string {
	switch {
	case role == roleWeight && (!(v > 0) || math.IsInf(v, 1)):
		return "a finite number above 0"
	case role == roleShare && !(v >= 0 && v <= 1):
		return "a share from 0 to 1 in every row"
	case parquetfile.IsNull(v) && role == roleFeature:
		return "a finite number in every row"
	case parquetfile.IsNull(v):
		return ""
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "a finite number, or null for not measured"
	case role == roleQuality && !meta.Within(v):
		return fmt.Sprintf("a quality from %v to %v", meta.Min, meta.Max)
	}
	return ""
}

func formatNumber(v float64) string {
	if parquetfile.IsNull(v) {
		return "null"
	}
	return fmt.Sprint(v)
}

// invalidVector returns a description of v if it is invalid, and "" if it is valid. dim is the
// length of the first vector, or 0 if v is the first.
func invalidVector(v []float32, dim int) string {
	switch {
	case v == nil:
		return "null"
	case len(v) == 0:
		return "an empty list"
	case len(v) > parquetfile.MaxDim:
		return fmt.Sprintf("more than %d elements", parquetfile.MaxDim)
	case dim > 0 && len(v) != dim:
		return text.Plural(len(v), "element")
	}
	for k, x := range v {
		switch {
		case x-x == 0:
		case math.Float32bits(x) == math.Float32bits(parquetfile.NullElement):
			return fmt.Sprintf("null in element %d", k+1)
		default:
			return fmt.Sprintf("%v in element %d", x, k+1)
		}
	}
	return ""
}

// expectedVector returns a description of the vector that invalidVector expects.
func expectedVector(dim int) string {
	if dim == 0 {
		return "a list of finite float32 numbers"
	}
	return fmt.Sprintf("a list of %d finite float32 numbers, as in row 1", dim)
}

// badCell is the error about one invalid value.
type badCell struct {
	row                     int // counted from 1
	column, found, expected string
}

// Error returns the message without the file's name.
func (c badCell) Error() string {
	return fmt.Sprintf("row %d, column %q: found %s, expected %s", c.row, c.column, c.found, c.expected)
}

// cellError returns the error about one invalid value of a file. row is counted from 1.
func cellError(file string, row int, column, found, expected string) error {
	return fmt.Errorf("%q: %w", file, badCell{row, column, found, expected})
}

const nullHint = "write null for \"not measured\", not NaN or a number out of range"

func (f *File) cellError(row int, column, found, expected string) error {
	err := cellError(f.Name(), row, column, found, expected)
	if role := f.roleOf(column); role == roleQuality || role == roleExtra {
		return hint.With(err, nullHint)
	}
	return hint.With(err, "fix or remove the row, and write the file again")
}
