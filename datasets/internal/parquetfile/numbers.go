package parquetfile

import (
	"encoding/binary"
	"math"
	"strconv"

	"github.com/parquet-go/parquet-go/format"
)

// integers returns how to read whole numbers.
func integers(t format.Type, unsigned bool) scalar {
	switch {
	case t == format.Int32 && unsigned:
		return scalar{Number,
			func(v *values, from, to int) []float64 { return convertUnsigned[uint32](v.int32s()[from:to]) },
			func(v *values, i int) string { return strconv.FormatUint(uint64(uint32(v.int32s()[i])), 10) }}
	case t == format.Int32:
		return scalar{Number,
			func(v *values, from, to int) []float64 { return convert(v.int32s()[from:to]) },
			func(v *values, i int) string { return strconv.FormatInt(int64(v.int32s()[i]), 10) }}
	case t == format.Int64 && unsigned:
		return scalar{Number,
			func(v *values, from, to int) []float64 { return convertUnsigned[uint64](v.int64s()[from:to]) },
			func(v *values, i int) string { return strconv.FormatUint(uint64(v.int64s()[i]), 10) }}
	case t == format.Int64:
		return scalar{Number,
			func(v *values, from, to int) []float64 { return convert(v.int64s()[from:to]) },
			func(v *values, i int) string { return strconv.FormatInt(v.int64s()[i], 10) }}
	}
	return scalar{}
}

func convert[T float32 | int32 | int64](in []T) []float64 {
	out := make([]float64, len(in))
	for i, v := range in {
		out[i] = float64(v)
	}
	return out
}

func convertUnsigned[U uint32 | uint64, T int32 | int64](in []T) []float64 {
	out := make([]float64, len(in))
	for i, v := range in {
		out[i] = float64(U(v))
	}
	return out
}

// zerosAndOnes reads booleans as 0 and 1.
func zerosAndOnes(v *values, from, to int) []float64 {
	out := make([]float64, to-from)
	for i := range out {
		out[i] = float64(v.bit(from + i))
	}
	return out
}

func boolText(v *values, i int) string { return strconv.FormatBool(v.bit(i) == 1) }

func floatText(v *values, i int) string  { return numberText(float64(v.float32s()[i])) }
func doubleText(v *values, i int) string { return numberText(v.float64s()[i]) }
func halfText(v *values, i int) string   { return numberText(half(v.bytes(i))) }

// numberText writes a number with as few digits as give the same float64, without an exponent
// where that is short.
func numberText(x float64) string {
	switch abs := math.Abs(x); {
	case x != x:
		return "NaN"
	case math.IsInf(x, 0):
		return map[bool]string{true: "Infinity", false: "-Infinity"}[x > 0]
	case abs != 0 && (abs < 1e-6 || abs >= 1e21):
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// halves reads numbers of 16 bits.
func halves(v *values, from, to int) []float64 {
	out := make([]float64, to-from)
	for i := range out {
		out[i] = half(v.bytes(from + i))
	}
	return out
}

// half returns the IEEE 754 binary16 number in two little-endian bytes.
func half(b []byte) float64 {
	u := binary.LittleEndian.Uint16(b)
	sign, exponent, fraction := 1-2*float64(u>>15), int(u>>10&31), float64(u&1023)
	switch {
	case exponent == 31 && fraction == 0:
		return math.Inf(int(sign))
	case exponent == 31:
		return math.NaN()
	case exponent == 0:
		return sign * math.Ldexp(fraction, -24)
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}
