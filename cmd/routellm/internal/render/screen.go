package render

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// TerminalOf describes the terminal behind w. Its width is 0 if w is no terminal.
func TerminalOf(w io.Writer) table.Screen {
	f, ok := w.(interface{ Fd() uintptr })
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return table.Screen{}
	}
	width, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if err != nil || width < 1 {
		width, _, err = term.GetSize(int(f.Fd()))
	}
	if err != nil || width < 1 {
		width = text.Width
	}
	return table.Screen{Width: width, Colour: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// Screen writes a result as text that fits a terminal, with a sketch of each curve.
func Screen(w io.Writer, d *results.Document, s table.Screen) error {
	for i, b := range d.Benchmarks {
		if i > 0 {
			fmt.Fprintln(w)
		}
		var heading bytes.Buffer
		Heading(&heading, b, d.Conventions, false)
		for k, line := range strings.Split(strings.TrimSpace(heading.String()), "\n") {
			if line = s.Cut(line); k == 0 {
				line = s.Bold(line)
			}
			fmt.Fprintln(w, line)
		}
		for k, t := range tablesOf(b, UnitOf(b), d.Conventions) {
			if k == 0 && d.Conventions.Curve == "exact" {
				sketch(t, b)
			}
			t.Drop = dropOrder(t.Header, Confidence(d.Conventions.Intervals))
			fmt.Fprintln(w)
			if err := t.Screen(w, s); err != nil {
				return err
			}
		}
		fmt.Fprintln(w)
		for _, note := range Notes(b, d.Conventions) {
			line := text.WrapTo(note, min(text.Width, s.Width))
			if strings.HasPrefix(note, "warning:") {
				line = s.Warn(line)
			}
			fmt.Fprintln(w, line)
		}
	}
	return nil
}

// sketch adds a column with each router's curve to a table with one row per router, and shows
// the best router in bold.
func sketch(t *table.Table, b results.Benchmark) {
	t.Header = append(t.Header, "curve")
	for i, r := range b.Routers {
		t.Rows[i] = append(t.Rows[i], sparkline(r, b))
		if r.Standing == results.Best {
			t.Bold = append(t.Bold, i)
		}
	}
}

// sparkline draws a curve in eight characters. Each stands for an eighth of the strong calls
// and shows the quality in its middle, from the weak model's at the bottom to the strong
// model's at the top.
func sparkline(r results.Router, b results.Benchmark) string {
	const bars = "▁▂▃▄▅▆▇█"
	gap := float64(b.StrongQuality - b.WeakQuality)
	if r.Point != nil || !(gap > 0) {
		return ""
	}
	var c eval.Curve
	for _, p := range r.Curve {
		c.Vertices = append(c.Vertices, eval.Vertex{StrongFraction: float64(p.StrongFraction), Quality: float64(p.Quality)})
	}
	levels := []rune(bars)
	out := make([]rune, len(levels))
	for i := range out {
		share := (float64(i) + 0.5) / float64(len(out))
		recovered := (c.QualityAt(share) - float64(b.WeakQuality)) / gap
		level := math.Floor(recovered * float64(len(levels)))
		out[i] = levels[int(max(0, min(level, float64(len(levels)-1))))]
	}
	return string(out)
}

// dropOrder lists the columns to leave out on a narrow terminal: first columns that repeat what
// is said elsewhere, then intervals from the right, then others from the right. Two columns
// stay.
func dropOrder(header []string, level string) []int {
	var order []int
	for _, name := range []string{"curve", "headroom", "calls", "quality", "strong", "weak"} {
		if i := slices.Index(header, name); i > 1 || i == 1 && len(header) > 2 {
			order = append(order, i)
		}
	}
	for i := len(header) - 1; i > 1; i-- {
		if header[i] == level {
			order = append(order, i)
		}
	}
	for i := len(header) - 1; i > 0; i-- {
		if !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	return order[:max(0, len(header)-2)]
}
