package parquetfile

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go/format"
)

// maxScale bounds the number of digits behind the point, so that a damaged file cannot ask for
// long texts. Writers stop at 76.
const maxScale = 1000

// decimals returns how to read decimals: unscaled whole numbers, of which the last scale digits
// stand behind the point.
func decimals(t format.Type, scale int) scalar {
	if scale < 0 || scale > maxScale {
		return scalar{}
	}
	var unscaled func(v *values, i int) string
	switch t {
	case format.Int32:
		unscaled = func(v *values, i int) string { return strconv.FormatInt(int64(v.int32s()[i]), 10) }
	case format.Int64:
		unscaled = func(v *values, i int) string { return strconv.FormatInt(v.int64s()[i], 10) }
	case format.ByteArray, format.FixedLenByteArray:
		unscaled = func(v *values, i int) string { return twosComplement(v.bytes(i)) }
	default:
		return scalar{}
	}
	text := func(v *values, i int) string { return pointed(unscaled(v, i), scale) }
	floats := func(v *values, from, to int) []float64 { return parsed(v, from, to, text) }
	if t == format.Int32 && scale <= 22 { // both are exact, so that the quotient is the closest float64
		floats = func(v *values, from, to int) []float64 {
			out, divisor := convert(v.int32s()[from:to]), math.Pow10(scale)
			for i := range out {
				out[i] /= divisor
			}
			return out
		}
	}
	return scalar{Number, floats, text}
}

// parsed returns the float64s that are closest to the texts.
func parsed(v *values, from, to int, text func(v *values, i int) string) []float64 {
	out := make([]float64, to-from)
	for i := range out {
		out[i], _ = strconv.ParseFloat(text(v, from+i), 64) // beyond the range it is infinite
	}
	return out
}

// twosComplement returns the digits of a big-endian number of any length.
func twosComplement(b []byte) string {
	if len(b) <= 8 {
		var u uint64
		for _, c := range b {
			u = u<<8 | uint64(c)
		}
		unused := 64 - 8*len(b)
		return strconv.FormatInt(int64(u<<unused)>>unused, 10) // shifting back copies the sign
	}
	if len(b) > maxScale {
		panic(fmt.Sprintf("a decimal of %d bytes", len(b))) // would take long to convert
	}
	n := new(big.Int).SetBytes(b)
	if b[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n.String()
}

// pointed puts a point before the last scale digits.
func pointed(digits string, scale int) string {
	if scale == 0 {
		return digits
	}
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale+1-len(digits)) + digits
	}
	at := len(digits) - scale
	return sign + digits[:at] + "." + digits[at:]
}
