package datasets

import (
	"fmt"
	"math"
	"strings"

	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
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
	colModelA       = "model_a"
	colModelB       = "model_b"
	colWinner       = "winner"
	colWeight       = "weight"
	colSource       = "source"

	prefixFeature = "feature:"
	prefixQuality = "quality:"
)

// role says what a column of a sample file holds.
type role int

const (
	roleIgnored role = iota
	roleText
	roleFlag
	roleVector
	roleFeature
	roleQuality
	roleExtra
	roleWeight
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
	case colWeight:
		return roleWeight
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

// number says how to convert the values of a column to float64.
type number struct {
	ok       bool // whether the column holds numbers
	unsigned bool
	divisor  float64 // 10^scale for decimals, 1 otherwise
}

// numberOf returns how to convert values of type t. The physical type does not suffice: an INT64
// may be a date, and DuckDB writes the literal 0.5 as a decimal.
func numberOf(t parquet.Type) number {
	n := number{divisor: 1}
	switch t.Kind() {
	case parquet.Boolean, parquet.Float, parquet.Double, kindNull:
		n.ok = true
		return n
	case parquet.Int32, parquet.Int64:
	default:
		return n
	}
	n.ok = true
	if logical := t.LogicalType(); logical != nil {
		switch l := logical.Value.(type) {
		case *format.IntType:
			n.unsigned = !l.IsSigned
		case *format.DecimalType:
			n.divisor = math.Pow10(int(l.Scale))
		case nil:
		default:
			n.ok = false
		}
	}
	return n
}

// kindNull is the kind that parquet-go gives to a column without any value. pyarrow writes such a
// column with the logical type UNKNOWN.
const kindNull parquet.Kind = -1

// isVector reports whether a column holds int8 embeddings, as in the built-in files.
func (s *source) isVector(name string) bool {
	node := s.file.Root().Column(name)
	return node.Leaf() && node.Required() && node.Type().Kind() == parquet.FixedLenByteArray
}

func isText(t parquet.Type) bool { return t.Kind() == parquet.ByteArray || t.Kind() == kindNull }

// checkType returns an error if the type of a column does not fit its role.
func checkType(file, name string, node parquet.Node) error {
	expected, fits := "", true
	switch roleOf(name) {
	case roleText:
		expected, fits = "text", node.Leaf() && isText(node.Type())
	case roleFlag:
		expected, fits = "boolean", node.Leaf() && numberOf(node.Type()).ok
	case roleFeature, roleQuality, roleWeight:
		expected, fits = "numbers or booleans", node.Leaf() && numberOf(node.Type()).ok
	}
	if fits && (!node.Repeated() || expected == "") {
		return nil
	}
	return hint.With(fmt.Errorf("%q: column %q: found %s, expected %s", file, name, typeName(node), expected),
		fmt.Sprintf("write the column with the expected type, or rename it if it is not the schema's column %q", name))
}

// typeName describes a column's type for an error message.
func typeName(node parquet.Node) string {
	switch {
	case !node.Leaf():
		return "a nested column"
	case node.Repeated():
		return "a repeated column"
	}
	return node.Type().String()
}
