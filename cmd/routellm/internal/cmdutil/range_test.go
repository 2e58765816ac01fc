package cmdutil

import "testing"

// TestParseRange expects two finite numbers, and nothing after them.
func TestParseRange(t *testing.T) {
	if lo, hi, err := ParseRange("-1.5, 2e3"); err != nil || lo != -1.5 || hi != 2000 {
		t.Errorf("got %v to %v, %v", lo, hi, err)
	}
	for _, text := range []string{"0", "0,1,2", "0,1x", "1,0", "1,1", "nan,1", "-inf,inf", "0,1e999", ","} {
		if lo, hi, err := ParseRange(text); err == nil {
			t.Errorf("%q gives %v to %v, want an error", text, lo, hi)
		}
	}
}
