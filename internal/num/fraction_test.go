package num_test

import (
	"testing"

	"github.com/routellm/routellm/internal/num"
)

func TestFraction(t *testing.T) {
	for text, want := range map[string]float64{"0.3": 0.3, "30%": 0.3, " 30 % ": 0.3, "95.5%": 0.955, "1": 1, "30": 30, "-5%": -0.05} {
		var f num.Fraction
		if err := f.Set(text); err != nil || float64(f) != want {
			t.Errorf("%q: %v, %v, want %v", text, f, err, want)
		}
	}
	for _, text := range []string{"", "%", "a", "3%%", "0,3"} {
		f := num.Fraction(0.5)
		if err := f.Set(text); err == nil || f != 0.5 {
			t.Errorf("%q is taken as %v", text, f)
		}
	}
}

func TestFractions(t *testing.T) {
	f := num.Fractions{0.5}
	if err := f.Set("0.2, 50%,1"); err != nil || f.String() != "0.2,0.5,1" {
		t.Errorf("%v, %v", f, err)
	}
	if err := f.Set("0.2,x"); err == nil || f.String() != "0.2,0.5,1" {
		t.Errorf("a wrong item: %v, %v", f, err)
	}
}
