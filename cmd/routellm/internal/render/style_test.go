package render

import (
	"math"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/plots"
)

// TestStyleFollowsTheFlags: widths are in millimetres, and narrow pictures have smaller type.
func TestStyleFollowsTheFlags(t *testing.T) {
	for _, test := range []struct {
		flags        cmdutil.PictureFlags
		width, size  float64 // points
		scale        float64 // pixels of a PNG per 1/96 inch
		theme        plots.Theme
		withoutTitle bool
	}{
		{cmdutil.PictureFlags{}, 576, 10, 2, plots.Light, false},
		{cmdutil.PictureFlags{Width: 84}, 84 * 72 / 25.4, 7, 3.125, plots.Light, false},
		{cmdutil.PictureFlags{Width: 174, Theme: "dark"}, 174 * 72 / 25.4, 10, 3.125, plots.Dark, false},
		{cmdutil.PictureFlags{Width: 84, FontSize: 8.5, NoTitle: true}, 84 * 72 / 25.4, 8.5, 3.125, plots.Light, true},
		{cmdutil.PictureFlags{FontSize: 14}, 576, 14, 2, plots.Light, false},
	} {
		s, err := StyleOf(test.flags)
		if err != nil || math.Abs(s.Width-test.width) > 1e-9 || s.FontSize != test.size || s.PNGScale != test.scale || s.Theme != test.theme || s.NoTitle != test.withoutTitle {
			t.Errorf("%+v: style %+v, error %v", test.flags, s, err)
		}
	}
}

// TestImpossibleSizesAreRefused: the error names the flag and the range.
func TestImpossibleSizesAreRefused(t *testing.T) {
	for want, o := range map[string]cmdutil.PictureFlags{
		"--width 20: want 50 to 1400 millimetres":                                  {Width: 20},
		"--width -1: want 50 to 1400 millimetres":                                  {Width: -1},
		"--width NaN: want 50 to 1400 millimetres":                                 {Width: math.NaN()},
		"--font-size 14: want 5 to 11.9 points for pictures that are 84 mm wide":   {Width: 84, FontSize: 14},
		"--font-size 4: want 5 to 24 points for pictures that are 203.2 mm wide":   {FontSize: 4},
		"--font-size NaN: want 5 to 24 points for pictures that are 203.2 mm wide": {FontSize: math.NaN()},
		`--theme "sepia": want light or dark`:                                      {Theme: "sepia"},
		"--font-size 30: want 5 to 24 points for pictures that are 1400 mm wide":   {Width: 1400, FontSize: 30},
		"--font-size 13: want 5 to 7.09 points for pictures that are 50 mm wide":   {Width: 50, FontSize: 13},
	} {
		if _, err := StyleOf(o); err == nil || err.Error() != want {
			t.Errorf("%+v: error %v, want %s", o, err, want)
		}
	}
}
