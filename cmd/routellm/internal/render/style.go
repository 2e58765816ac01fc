package render

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/plots"
)

// narrow is the width in millimetres below which type is smaller by default, as in the columns of
// journals.
const narrow = 120

// StyleOf returns the style of pictures that the flags ask for. A theme of "" is the light one.
func StyleOf(o cmdutil.PictureFlags) (plots.Style, error) {
	s := plots.DefaultStyle()
	size := s.FontSize
	if o.Width != 0 && o.Width < narrow {
		size = 7
	}
	if o.FontSize != 0 {
		size = o.FontSize
	}
	switch {
	case o.Width != 0:
		s = plots.PaperStyle(o.Width, size)
	case o.FontSize != 0:
		s.FontSize, s.LineWidth = size, plots.PaperStyle(narrow, size).LineWidth
	}
	s.NoTitle = o.NoTitle
	if o.Theme != "" {
		s.Theme = plots.Theme(o.Theme)
	}
	if !slices.Contains(plots.Themes(), s.Theme) {
		return s, fmt.Errorf("--theme %q: want light or dark", o.Theme)
	}
	return s, checkSizes(o, s)
}

// checkSizes returns an error for sizes in which no picture can be drawn.
func checkSizes(o cmdutil.PictureFlags, s plots.Style) error {
	const least, most = 50, 1400 // millimetres
	if o.Width != 0 && !(o.Width >= least && o.Width <= most) {
		return fmt.Errorf("--width %v: want %d to %d millimetres", o.Width, least, most)
	}
	if largest := min(24, s.Width/20); !(s.FontSize >= 5 && s.FontSize <= largest) {
		return fmt.Errorf("--font-size %v: want 5 to %.3g points for pictures that are %.4g mm wide", s.FontSize, largest, s.Width*25.4/72)
	}
	return nil
}
