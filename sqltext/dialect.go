package sqltext

import (
	"cmp"
	"strconv"
	"strings"
)

// Dialect prints queries in the SQL of one engine. Get one from [Find]. A form is a piece of SQL in
// which {x} stands for an expression.
type Dialect struct {
	name string

	quote   string                 // mark around identifiers
	escape  *strings.Replacer      // identifiers between the marks
	double  string                 // type of 64-bit floating-point numbers
	integer string                 // type of 64-bit integers
	char    string                 // type of texts
	literal func(x float64) string // returns a finite number as a literal of the double type
	finite  string                 // form of a test that a number, which is not NULL, is finite
	hash    string                 // form of the MD5 digest of a text
	bits    string                 // form of the first 28 bits of that digest as an integer

	distinct string // form of an estimate of the number of distinct values; "" if the engine has none
	fence    string // end of a step that the engine would otherwise compute once per use of its columns

	// Forms that most dialects share are "" for the usual one.
	cast   string // conversion of {x} to {type}
	modulo string // remainder of {x} and {k}
	part   string // floating-point number by which rows are partitioned
	peers  string // window of the rows with the bin and the score of a row
}

// The usual forms.
const (
	usualCast   = "CAST({x} AS {type})"
	usualModulo = "{x} % {k}"
	usualPart   = "{x}"
	usualPeers  = "PARTITION BY {x} ORDER BY rl_s RANGE BETWEEN CURRENT ROW AND CURRENT ROW"
)

// dialects lists all dialects. How each tells finite numbers follows from what its engine does with
// NaN: comparing is not enough where NaN passes or an optimizer trusts statistics that leave NaN out.
var dialects = []Dialect{
	{
		name: "spark", quote: "`", escape: doubled("`"), double: "DOUBLE", integer: "BIGINT", char: "STRING",
		literal:  func(x float64) string { return decimal(x) + "D" }, // 0.1 would be a DECIMAL
		finite:   "ABS({x}) <= 1.7976931348623157E308D",              // NaN is the largest number
		hash:     "md5({x})",
		bits:     "CAST(conv(substr({x}, 1, 7), 16, 10) AS BIGINT)",
		distinct: "approx_count_distinct({x})",
	},
	{
		name: "duckdb", quote: `"`, escape: doubled(`"`), double: "DOUBLE", integer: "BIGINT", char: "VARCHAR",
		literal:  scientific, // 0.1 would be a DECIMAL
		finite:   "isfinite({x})",
		hash:     "md5({x})",
		bits:     "CAST('0x' || substr({x}, 1, 7) AS BIGINT)",
		distinct: "approx_count_distinct({x})",
	},
	{
		name: "postgres", quote: `"`, escape: doubled(`"`), double: "DOUBLE PRECISION", integer: "BIGINT", char: "TEXT",
		literal: func(x float64) string { return "'" + decimal(x) + "'::float8" },
		finite:  "{x} NOT IN ('NaN'::float8, 'Infinity'::float8, '-Infinity'::float8)",
		hash:    "md5({x})",
		bits:    "('x' || substr({x}, 1, 7))::bit(28)::bigint",
		fence:   "\n  OFFSET 0", // otherwise it puts expressions into expressions, and their size multiplies
	},
	{
		name: "clickhouse", quote: `"`, escape: backslashed, double: "Float64", integer: "Int64", char: "String",
		cast:     "to{type}({x})", // CAST of a NULL fails
		literal:  func(x float64) string { return "toFloat64(" + decimal(x) + ")" },
		finite:   "isFinite({x})",
		hash:     "MD5({x})",
		bits:     "toInt64(bitShiftRight(reinterpretAsUInt32(reverse(substring({x}, 1, 4))), 4))",
		distinct: "uniq({x})",
	},
	{
		name: "datafusion", quote: `"`, escape: doubled(`"`), double: "DOUBLE", integer: "BIGINT", char: "VARCHAR",
		literal:  decimal,
		finite:   "NOT isnan({x}) AND ABS({x}) <= 1.7976931348623157E308",
		hash:     "md5({x})",
		bits:     hexDigits("strpos('0123456789abcdef', substr({x}, %d, 1))", 7),
		distinct: "approx_distinct(CAST({x} AS VARCHAR))", // not made for numbers
	},
	{
		name: "bigquery", quote: "`", escape: backslashed, double: "FLOAT64", integer: "INT64", char: "STRING",
		literal:  decimal,
		finite:   "NOT IS_NAN({x}) AND NOT IS_INF({x})",
		hash:     "TO_HEX(MD5({x}))",
		bits:     "CAST(CONCAT('0x', SUBSTR({x}, 1, 7)) AS INT64)",
		modulo:   "MOD({x}, {k})",
		part:     "TO_JSON_STRING({x})", // all digits, as a text
		distinct: "APPROX_COUNT_DISTINCT({x})",
	},
	{
		name: "snowflake", quote: `"`, escape: doubled(`"`), double: "DOUBLE", integer: "BIGINT", char: "VARCHAR",
		literal:  func(x float64) string { return "'" + decimal(x) + "'::DOUBLE" },
		finite:   "{x} NOT IN ('NaN'::DOUBLE, 'inf'::DOUBLE, '-inf'::DOUBLE)", // NaN equals itself
		hash:     "MD5({x})",
		bits:     "TO_NUMBER(SUBSTR({x}, 1, 7), 'XXXXXXX')",
		peers:    "PARTITION BY {x}, rl_s", // its windows of ranges are few
		distinct: "APPROX_COUNT_DISTINCT({x})",
	},
	{
		name: "trino", quote: `"`, escape: doubled(`"`), double: "DOUBLE", integer: "BIGINT", char: "VARCHAR",
		literal:  func(x float64) string { return "DOUBLE '" + decimal(x) + "'" }, // 0.1 would be a DECIMAL
		finite:   "is_finite({x})",
		hash:     "to_hex(md5(to_utf8({x})))",
		bits:     "from_base(substr({x}, 1, 7), 16)",
		distinct: "approx_distinct({x})",
	},
}

// Names lists the dialects.
func Names() []string {
	names := make([]string, len(dialects))
	for i, d := range dialects {
		names[i] = d.name
	}
	return names
}

// Find returns the dialect of that name, and whether there is one.
func Find(name string) (Dialect, bool) {
	for _, d := range dialects {
		if d.name == name {
			return d, true
		}
	}
	return Dialect{}, false
}

// Name returns the name of the dialect.
func (d Dialect) Name() string { return d.name }

// id returns a quoted identifier.
func (d Dialect) id(name string) string { return d.quote + d.escape.Replace(name) + d.quote }

// as returns an expression converted to a type of the dialect.
func (d Dialect) as(x, kind string) string {
	return strings.NewReplacer("{x}", x, "{type}", kind).Replace(cmp.Or(d.cast, usualCast))
}

// mod returns the remainder of an expression and k.
func (d Dialect) mod(x string, k int) string {
	return strings.NewReplacer("{x}", x, "{k}", strconv.Itoa(k)).Replace(cmp.Or(d.modulo, usualModulo))
}

// of fills an expression into a form of the dialect.
func of(form, x string) string { return strings.ReplaceAll(form, "{x}", x) }

// doubled escapes a mark by writing it twice.
func doubled(mark string) *strings.Replacer { return strings.NewReplacer(mark, mark+mark) }

// backslashed escapes marks and backslashes by backslashes.
var backslashed = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`")

// decimal writes a finite number so that reading it gives the same number. It always has a point or
// an exponent, as integers are of another type.
func decimal(x float64) string {
	text := strconv.FormatFloat(x, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// scientific writes a finite number with an exponent.
func scientific(x float64) string { return strconv.FormatFloat(x, 'e', -1, 64) }

// hexDigits returns an expression for the number that the first n hex digits of a text are, for an
// engine that cannot read them. position finds the place of digit %d among all digits, from 1.
func hexDigits(position string, n int) string {
	number := ""
	for k := 1; k <= n; k++ {
		digit := "(" + strings.Replace(position, "%d", strconv.Itoa(k), 1) + " - 1)"
		if k == 1 {
			number = digit
		} else {
			number = "(" + number + " * 16 + " + digit + ")"
		}
	}
	return number
}
