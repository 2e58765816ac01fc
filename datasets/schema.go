// Package datasets reads and writes samples: prompts with what each model scored on them, one row a sample, as Parquet.
// It imports RouteLLM's benchmarks and users' own tables, and reads files of scores. It is the only importer of parquet-go.
package datasets

import (
	"fmt"
	"math"
	"strings"

	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// Names of the fixed columns, and prefixes of the columns that come one a model or one a feature.
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

// role is what a column of a sample file is read as.
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

// roleOf tells a column's role by its name alone; any other "<kind>:<name>" column is an extra if it holds numbers.
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

// number says how the values of a numeric column become float64; ok is false where the column holds no numbers.
type number struct {
	ok       bool
	unsigned bool
	divisor  float64 // of decimals: 10^scale
}

// numberOf looks through the logical type: an INT64 may be a date, and DuckDB writes the literal 0.5 as a decimal.
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

// kindNull is parquet-go's kind of a column without a single value, which pyarrow gives the logical type UNKNOWN.
const kindNull parquet.Kind = -1

// isVector reports whether a column holds int8 embeddings, as the built-in files do.
func (s *source) isVector(name string) bool {
	node := s.file.Root().Column(name)
	return node.Leaf() && node.Required() && node.Type().Kind() == parquet.FixedLenByteArray
}

func isText(t parquet.Type) bool { return t.Kind() == parquet.ByteArray || t.Kind() == kindNull }

// checkType refuses a column whose type its role cannot be read from.
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
		fmt.Sprintf("rewrite the column with the type in the schema, or rename it if it is not meant as %q", name))
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
