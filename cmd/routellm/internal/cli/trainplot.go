package cli

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2/maybe"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/routers/training"
)

func pictureFormat(path string) plots.Format {
	return plots.Format(strings.TrimPrefix(filepath.Ext(path), "."))
}

// checkPicture refuses a flag's file that no picture can be written to.
func checkPicture(flag, path string) error {
	if path != "" && !slices.Contains(plots.Formats(), pictureFormat(path)) {
		return fmt.Errorf("%s %q: want a name that ends in .svg, .png or .pdf", flag, path)
	}
	return nil
}

// writePath draws the held-out error of every setting that cross-validation tried,
// over the least one of the source.
func writePath(path string, reports []training.Report) error {
	c := plots.Curves{Title: "how cross-validation chose", XLabel: "setting", YLabel: "held-out error over the least"}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, r := range reports {
		for _, s := range r.Path {
			lo, hi = min(lo, math.Log10(s.Setting)), max(hi, math.Log10(s.Setting))
		}
	}
	at := func(setting float64) float64 { return (math.Log10(setting) - lo) / (hi - lo) }
	for k := math.Ceil(lo); k <= hi; k++ {
		c.XTicks = append(c.XTicks, plots.XTick{At: at(math.Pow(10, k)), Text: fmt.Sprintf("%g", math.Pow(10, k))})
	}
	for _, r := range reports {
		if len(r.Path) == 0 {
			continue
		}
		least := slices.MinFunc(r.Path, func(a, b training.Step) int { return int(math.Copysign(1, a.Error-b.Error)) })
		line := plots.Line{Name: r.Source}
		for _, s := range r.Path {
			line.Points = append(line.Points, plots.Point{StrongFraction: at(s.Setting), Quality: s.Error / least.Error})
		}
		c.Lines = append(c.Lines, line)
		c.Dots = append(c.Dots, plots.Dot{Name: r.Source + ": " + r.Setting, StrongFraction: at(least.Setting), Quality: 1})
	}
	return writePicture(path, c)
}

// writePicture draws a figure to a file, which appears once it is complete.
func writePicture(path string, c plots.Curves) error {
	var b bytes.Buffer
	if err := c.Write(&b, pictureFormat(path)); err != nil {
		return err
	}
	if err := maybe.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fault.Wrap(fmt.Errorf("writing %q: %w", path, err))
	}
	return nil
}
