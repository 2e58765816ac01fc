package datasets

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/hint"
)

// Names of the fixed columns, and prefixes of the columns that occur once per model or feature.
const (
	colSampleID     = "sample_id"
	colTask         = "task"
	colCluster      = "cluster"
	colPrompt       = "prompt"
	colSHA256       = "prompt_sha256"
	colNormSHA256   = "prompt_norm_sha256"
	colContaminated = "contaminated"
	colEmbedding    = "embedding"
	colCues         = "cues"
	colModelA       = "model_a"
	colModelB       = "model_b"
	colWinner       = "winner"
	colShare        = "share_a"
	colWeight       = "weight"
	colSource       = "source"

	prefixFeature = "feature:"
	prefixQuality = "quality:"
	prefixCost    = "cost_usd:"
)

// answerKinds lists the prefixes of the columns of text that a file has per model.
var answerKinds = []string{"answer", "error", "finish"}

// role says what a column of a sample file holds.
type role int

const (
	roleIgnored role = iota
	roleText
	roleFlag
	roleVector
	roleCues
	roleFeature
	roleQuality
	roleExtra
	roleWeight
	roleShare
)

// roleOf returns a column's role by its name alone. A column "<kind>:<name>" of no known kind is
// an extra, which is read only if it holds numbers.
func roleOf(name string) role {
	switch name {
	case colSampleID, colTask, colCluster, colPrompt, colSHA256, colNormSHA256, colModelA, colModelB, colWinner, colSource:
		return roleText
	case colContaminated:
		return roleFlag
	case colEmbedding:
		return roleVector
	case colCues:
		return roleCues
	case colWeight:
		return roleWeight
	case colShare:
		return roleShare
	}
	kind, rest, ok := strings.Cut(name, ":")
	switch {
	case !ok || rest == "":
		return roleIgnored
	case kind+":" == prefixFeature:
		return roleFeature
	case kind+":" == prefixQuality:
		return roleQuality
	}
	return roleExtra
}

// checkType returns an error if the type of a column does not fit its role.
func checkType(f *parquetfile.File, name string) error {
	expected, fits := "", true
	switch roleOf(name) {
	case roleText:
		expected, fits = "text", f.IsText(name)
	case roleFlag:
		expected, fits = "boolean", f.IsNumber(name)
	case roleFeature, roleQuality, roleWeight, roleShare:
		expected, fits = "numbers or booleans", f.IsNumber(name)
	}
	if fits {
		return nil
	}
	return hint.With(fmt.Errorf("%q: column %q: found %s, expected %s", f.Name(), name, f.TypeName(name), expected),
		fmt.Sprintf("write the column with the expected type, or rename it if it is not the schema's column %q", name))
}
