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

// Progress returns a function that shows how many of total units are done, as
// a bar on a terminal and not at all elsewhere. Another total, or fewer done than before,
// is other work, with a bar of its own.
func Progress(w io.Writer, what string) func(done, total int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func(int, int) {}
	}
	var bar *progressbar.ProgressBar
	var last int
	return func(done, total int) {
		if bar != nil && (total != bar.GetMax() || done < last) {
			_ = bar.Clear() // of work that was not finished
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
		_ = bar.Set(done) // a bar that cannot be drawn must not stop the work
	}
}

// Feedback shows the progress of an evaluation as bars, and its notes as lines.
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
				note = text.Wrap("note: " + note)
			}
			fmt.Fprintln(s.Err, note)
		},
	}
}
