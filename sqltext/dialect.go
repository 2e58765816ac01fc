package sqltext

import (
	"strconv"
	"strings"
)

// Dialect prints queries in the SQL of one engine. Get one from [Find].
type Dialect struct {
	name string

	quote   string                 // mark around identifiers
	escape  *strings.Replacer      // identifiers between the marks
	double  string                 // type of 64-bit floating-point numbers
	integer string                 // type of 64-bit integers
	char    string                 // type of texts
	cast    string                 // form of a conversion, with {value} and {type}
	literal func(x float64) string // a finite number as a literal of the double type
	finite  string                 // form of a test that {x}, which is not NULL, is a finite number
	hash    string                 // form of the MD5 digest of {x}, as hex digits unless bits says otherwise
	bits    string                 // form of the first 28 bits of the digest {x} as an integer

	fence    string // end of a step that the engine is to compute once, and not once per use of a column
	distinct string // form of an estimate of the number of distinct {x}; "" if the engine has none
}

// dialects lists all dialects, the default of none of them first. In each the engine's own
// treatment of NaN decides how finite numbers are told: comparing is not enough where NaN passes
// or an optimizer trusts statistics that leave NaN out.
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
		cast:     "to{type}({value})", // CAST of a NULL fails
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
		distinct: "APPROX_COUNT_DISTINCT({x})",
	},
	{
		name: "snowflake", quote: `"`, escape: doubled(`"`), double: "DOUBLE", integer: "BIGINT", char: "VARCHAR",
		literal:  func(x float64) string { return "'" + decimal(x) + "'::DOUBLE" },
		finite:   "{x} NOT IN ('NaN'::DOUBLE, 'inf'::DOUBLE, '-inf'::DOUBLE)", // NaN equals itself
		hash:     "MD5({x})",
		bits:     "TO_NUMBER(SUBSTR({x}, 1, 7), 'XXXXXXX')",
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
func (d Dialect) as(value, kind string) string {
	form := d.cast
	if form == "" {
		form = "CAST({value} AS {type})"
	}
	return strings.NewReplacer("{value}", value, "{type}", kind).Replace(form)
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
