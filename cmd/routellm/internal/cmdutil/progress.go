package cmdutil

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
)

// Progress returns a function that shows how much of some work is done. It draws a bar if w
// is a terminal, and nothing otherwise. Another total, or less done than before, starts a new
// bar.
func Progress(w io.Writer, what string) func(done, total int) {
	if !isTerminal(w) {
		return func(int, int) {}
	}
	var bar *progressbar.ProgressBar
	var last int
	return func(done, total int) {
		if bar != nil && (total != bar.GetMax() || done < last) {
			_ = bar.Clear() // the bar of unfinished work
			bar = nil
		}
		last = done
		if bar == nil {
			bar = progressbar.NewOptions(total,
				progressbar.OptionSetWriter(w),
				progressbar.OptionSetDescription(what),
				progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionShowCount(),
				progressbar.OptionShowIts(), // the time left is shown anyway
				progressbar.OptionClearOnFinish(),
			)
		}
		_ = bar.Set(done) // failing to draw must not stop the work
	}
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Feedback shows the progress of an evaluation as bars, and its notes and warnings as lines,
// both on Err.
func (s Streams) Feedback() harness.Feedback {
	bars := map[string]func(done, total int){}
	return harness.Feedback{
		Progress: func(task string, done, total int) {
			if bars[task] == nil {
				bars[task] = Progress(s.Err, task)
			}
			bars[task](done, total)
		},
		Note: func(note string) {
			if !strings.HasPrefix(note, "warning: ") {
				note = "note: " + note
			}
			fmt.Fprintln(s.Err, text.Wrap(note))
		},
	}
}
