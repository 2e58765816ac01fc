package cmdutil

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
)

// Progress returns a function that shows how much of some work is done. It draws a bar if w
// is a terminal, and nothing otherwise. Another total, or less done than before, starts a new
// bar.
func Progress(w io.Writer, what string) func(done, total int) {
	show := described(w, 40)
	return func(done, total int) { show(what, done, total) }
}

// Described does what [Progress] does, with a description of at most 24 characters that may change.
func Described(w io.Writer) func(what string, done, total int) { return described(w, 10) }

// described draws a bar of the given width between the description and the counts.
func described(w io.Writer, width int) func(what string, done, total int) {
	if !IsTerminal(w) {
		return func(string, int, int) {}
	}
	b := &bar{out: w, width: width}
	show := func(what string, done, total int) {
		b.what = what
		b.show(done, total)
	}
	terminal, ok := w.(*watched)
	if !ok {
		return show
	}
	b.out = terminal.file // tells the bar its width
	return func(what string, done, total int) {
		terminal.busy.draw(done >= total, func() { show(what, done, total) })
	}
}

// bar draws how much of some work is done.
type bar struct {
	what  string
	out   io.Writer
	width int
	drawn *progressbar.ProgressBar // nil before the first work
	last  int
}

// show draws a state, and begins a new bar for new work.
func (b *bar) show(done, total int) {
	if b.drawn != nil && (total != b.drawn.GetMax() || done < b.last) {
		_ = b.drawn.Clear() // the bar of unfinished work
		b.drawn = nil
	}
	b.last = done
	if b.drawn == nil {
		b.drawn = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(b.out),
			progressbar.OptionSetDescription(b.what),
			progressbar.OptionSetWidth(b.width),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionShowCount(),
			progressbar.OptionShowIts(), // the time left is shown anyway
			progressbar.OptionClearOnFinish(),
		)
	}
	b.drawn.Describe(b.what)
	_ = b.drawn.Set(done) // failing to draw must not stop the work
}

// Watch returns a function that shows the progress of some work as [Progress] does, and ends the
// work with the context's error once ctx is done.
func (s Streams) Watch(ctx context.Context, what string) func(done, total int) error {
	show := Progress(s.Err, what)
	return func(done, total int) error {
		show(done, total)
		return ctx.Err()
	}
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
			if !strings.HasPrefix(note, "warning: ") && !strings.HasPrefix(note, "reading ") {
				note = "note: " + note
			}
			fmt.Fprintln(s.Err, text.Wrap(note))
		},
	}
}
