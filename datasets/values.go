package datasets

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// wrongText returns what was expected of a text, or "" if it is right. A null task or cluster is filled in later.
func wrongText(column, v string) string {
	switch column {
	case colSampleID:
		if v == nullText || v == "" {
			return "a unique id"
		}
	case colPrompt:
		if v == nullText {
			return "a prompt in every row"
		}
	case colModelA, colModelB:
		if v == nullText || v == "" {
			return "the name of a model"
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

func shown(v string) string {
	if v == nullText {
		return "null"
	}
	if len(v) > 80 {
		return fmt.Sprintf("%.80q...", v)
	}
	return fmt.Sprintf("%q", v)
}

// wrongNumber returns what was expected of a number, or "" if it is right.
func wrongNumber(role role, v float64, meta Meta) string {
	switch {
	case role == roleWeight && (!(v > 0) || math.IsInf(v, 1)):
		return "a finite number above 0"
	case isNull(v) && role == roleFeature:
		return "a finite number in every row"
	case isNull(v):
		return ""
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "a finite number, or null for not measured"
	case role == roleQuality && !meta.Within(v):
		return fmt.Sprintf("a quality from %v to %v", meta.Min, meta.Max)
	}
	return ""
}

func shownNumber(v float64) string {
	if isNull(v) {
		return "null"
	}
	return fmt.Sprint(v)
}

// maxDim bounds a vector's length, several times that of the largest encoders, so that a damaged file cannot ask for more.
const maxDim = 1 << 16

// nullElement stands for null in a list: a NaN that no program writes, so that a NaN in the file is told apart from null.
var nullElement = math.Float32frombits(0x7fc0_6e75)

// wrongVector returns what was found in place of a vector, or "" if it is right. dim is the first vector's length, 0 for the
// first itself.
func wrongVector(v []float32, dim int) string {
	switch {
	case v == nil:
		return "null"
	case len(v) == 0:
		return "an empty list"
	case len(v) > maxDim:
		return fmt.Sprintf("more than %d elements", maxDim)
	case dim > 0 && len(v) != dim:
		return fmt.Sprintf("%d elements", len(v))
	}
	for k, x := range v {
		switch {
		case x-x == 0:
		case math.Float32bits(x) == math.Float32bits(nullElement):
			return fmt.Sprintf("null in element %d", k+1)
		default:
			return fmt.Sprintf("%v in element %d", x, k+1)
		}
	}
	return ""
}

// rightVector is what wrongVector expects.
func rightVector(dim int) string {
	if dim == 0 {
		return "a list of finite float32 numbers"
	}
	return fmt.Sprintf("a list of %d finite float32 numbers, as in row 1", dim)
}

// wrongCell is a value that cannot be used.
type wrongCell struct {
	row                     int // from 1
	column, found, expected string
}

// Error names the place, without the file.
func (c wrongCell) Error() string {
	return fmt.Sprintf("row %d, column %q: found %s, expected %s", c.row, c.column, c.found, c.expected)
}

// cellError is the one form of error about a value.
func cellError(file string, row int, column, found, expected string) error {
	return fmt.Errorf("%q: %w", file, wrongCell{row, column, found, expected})
}

const nullHint = "null is how \"not measured\" is said: write null, not NaN or a number out of range"

func (f *File) cellError(row int, column, found, expected string) error {
	err := cellError(f.name, row, column, found, expected)
	if role := roleOf(column); role == roleQuality || role == roleExtra {
		return hint.With(err, nullHint)
	}
	return hint.With(err, "fix the row, or leave it out, and write the file again")
}

// unique refuses the first id that occurs twice and names both rows.
func unique(file, column string, ids []string) error {
	seen := make(map[string]int32, len(ids))
	for i, id := range ids {
		if first, ok := seen[id]; ok {
			return hint.With(fmt.Errorf("%q: column %q: %s in rows %d and %d, expected unique ids", file, column, shown(id), first+1, i+1),
				"give every sample its own id, or drop one of the rows")
		}
		seen[id] = int32(i)
	}
	return nil
}
