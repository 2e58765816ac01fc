package parquetfile

import (
	"math"
	"testing"

	"github.com/parquet-go/parquet-go/format"
)

func TestDecimalText(t *testing.T) {
	for _, c := range []struct {
		bytes []byte
		scale int
		want  string
	}{
		{[]byte{}, 2, "0.00"}, {[]byte{0xff}, 0, "-1"}, {[]byte{0xff}, 3, "-0.001"}, {[]byte{0x7f, 0xff}, 2, "327.67"}, {[]byte{0x80, 0}, 1, "-3276.8"},
		{[]byte{0x80, 0, 0, 0, 0, 0, 0, 0}, 0, "-9223372036854775808"}, {[]byte{0x80, 0, 0, 0, 0, 0, 0, 0, 0}, 1, "-236118324143482260684.8"},
		{[]byte{0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 20, "0.18446744073709551615"},
	} {
		if got := pointed(twosComplement(c.bytes), c.scale); got != c.want {
			t.Errorf("%x, scale %d: %s, want %s", c.bytes, c.scale, got, c.want)
		}
	}
}

func TestHalf(t *testing.T) {
	for bits, want := range map[uint16]float64{
		0: 0, 1: math.Ldexp(1, -24), 0x03ff: math.Ldexp(1023, -24), 0x0400: math.Ldexp(1, -14), 0x3c00: 1, 0x3555: 0.333251953125, 0xc000: -2, 0x7bff: 65504,
		0x7c00: math.Inf(1), 0xfc00: math.Inf(-1),
	} {
		if got := half([]byte{byte(bits), byte(bits >> 8)}); got != want {
			t.Errorf("%04x: %v, want %v", bits, got, want)
		}
	}
	if got := half([]byte{1, 0x7e}); got == got {
		t.Errorf("%v, want NaN", got)
	}
}

func TestNumberText(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 0.1: "0.1", -1e20: "-100000000000000000000", 1e21: "1e+21", 1e-7: "1e-07", 5e-324: "5e-324", math.Inf(1): "Infinity", math.Inf(-1): "-Infinity",
	} {
		if got := numberText(x); got != want {
			t.Errorf("%v: %s, want %s", x, got, want)
		}
	}
	if got := numberText(math.NaN()); got != "NaN" {
		t.Error(got)
	}
}

func TestTimes(t *testing.T) {
	nanos := format.TimeUnit{Value: new(format.NanoSeconds)}
	v := values{n: 3, typ: format.Int64, data: []byte("\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80")}
	s := instants(format.Int64, nanos, layoutBoth, true)
	for i, want := range []string{"1969-12-31T23:59:59.999999999Z", "1970-01-01T00:00:00Z", "1677-09-21T00:12:43.145224192Z"} {
		if got := s.text(&v, i); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if s := instants(format.Int64, format.TimeUnit{}, layoutBoth, true); s.kind != Missing {
		t.Error("a time without a unit is read")
	}
}

// TestAppendText writes JSON strings.
func TestAppendText(t *testing.T) {
	if got, want := string(appendText(nil, "a\"\\\n\t\x01ü<")), `"a\"\\\n\u0009\u0001ü<"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, c := range []struct {
		cell Cell
		want string
	}{
		{Cell{}, "null"}, {Cell{Number, "NaN"}, `"NaN"`}, {Cell{Number, "-Infinity"}, `"-Infinity"`}, {Cell{Number, "1e+21"}, "1e+21"},
		{Cell{Bool, "true"}, "true"}, {Cell{JSON, `{"a":1}`}, `{"a":1}`}, {Cell{JSON, `{"a"`}, `"{\"a\""`},
	} {
		if got := string(appendCell(nil, c.cell)); got != c.want {
			t.Errorf("%v: %s, want %s", c.cell, got, c.want)
		}
	}
}
