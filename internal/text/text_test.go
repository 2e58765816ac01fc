package text_test

import (
	"math"
	"testing"

	"github.com/routellm/routellm/internal/text"
)

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 14037: "14,037", -1234567: "-1,234,567"} {
		if got := text.Thousands(n); got != want {
			t.Errorf("%d is written %q, want %q", n, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 pairs", 1: "1 pair", 1200: "1,200 pairs"} {
		if got := text.Plural(n, "pair"); got != want {
			t.Errorf("%d is written %q, want %q", n, got, want)
		}
	}
}

func TestSample(t *testing.T) {
	if got := text.Sample([]string{"a", "b", "c"}); got != "a, b, c" {
		t.Errorf("three items: %q", got)
	}
	if got := text.Sample([]string{"a", "b", "c", "d", "e"}); got != "a, b, c and 2 more" {
		t.Errorf("five items: %q", got)
	}
}

func TestHang(t *testing.T) {
	if got, want := text.Hang("  mf   ", "one two three 4 % five", 7, 18), "  mf   one two\n       three 4 %\n       five"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPValue(t *testing.T) {
	for _, c := range []struct {
		p    float64
		want string
	}{{0.0004, "<.001"}, {0.04567, "0.046"}, {1, "1.000"}, {math.NaN(), "-"}} {
		if got := text.PValue(c.p); got != c.want {
			t.Errorf("p value %v is written %q, want %q", c.p, got, c.want)
		}
	}
}

func TestPercent(t *testing.T) {
	if got := text.Percent(0.07); got != 7 {
		t.Errorf("0.07 is %v per cent, want 7 without digits from rounding", got)
	}
}

func TestWrap(t *testing.T) {
	if got := text.Wrap("a short note"); got != "a short note" {
		t.Errorf("a short note became %q", got)
	}
	if got := text.Wrap("big\x1b[31m is\a \u009bbest\nof all"); got != "big\ufffd[31m is\ufffd \ufffdbest of all" {
		t.Errorf("control characters became %q", got)
	}
	for width, want := range map[int]string{
		12: "one two\n  three 95 %\n  of it",
		13: "one two three\n  95 % of it",
	} {
		if got := text.WrapTo("one two three 95 % of it", width); got != want {
			t.Errorf("width %d: %q, want %q", width, got, want)
		}
	}
}

func TestUnsigned(t *testing.T) {
	for number, want := range map[string]string{"-0.000": "0.000", "+0.0 %": "0.0 %", "0": "0", "-0.001": "-0.001", "+1.0": "+1.0", "": "", "-.000": ".000"} {
		if got := text.Unsigned(number); got != want {
			t.Errorf("%q: %q, expected %q", number, got, want)
		}
	}
}
