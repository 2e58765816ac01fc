package cmdutil

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// Waits is the annotation of a command that waits for input or requests. Its terminal is not
// watched.
const Waits = "waits"

// PlainMemory is the annotation of a command whose memory is mostly arrays of numbers. Garbage is cheap to
// collect there, because nothing in them points anywhere.
const PlainMemory = "plain memory"

// patience is the time for which a terminal may show nothing new before it shows that the
// command is still at work.
const patience = time.Second

// Busy shows on a terminal that a command is at work while it writes nothing, such as when it
// reads a large file. [Progress] shows more where the amount of work is known.
type Busy struct {
	mu          sync.Mutex
	file        *os.File // the terminal; nil if there is none
	began, last time.Time
	shown       bool // the line is on the terminal now
	bar         bool // the bar of unfinished work is there
	quit        chan struct{}
}

// Busy returns the streams to use from now on, and what watches them if Err is a terminal.
func (s Streams) Busy() (Streams, *Busy) {
	b := &Busy{quit: make(chan struct{})}
	file, ok := s.Err.(*os.File)
	if !ok || !IsTerminal(file) || os.Getenv("TERM") == "dumb" { // which cannot erase a line
		return s, b
	}
	b.file, s.Err = file, &watched{file, b}
	if out, ok := s.Out.(*os.File); ok && IsTerminal(out) {
		s.Out = &watched{out, b}
	}
	return s, b
}

// Start begins to watch. Call Stop at the end.
func (b *Busy) Start() {
	if b.file == nil {
		return
	}
	b.began, b.last = time.Now(), time.Now()
	go func() {
		ticks := time.NewTicker(patience / 4)
		defer ticks.Stop()
		for {
			select {
			case <-b.quit:
				return
			case <-ticks.C:
				b.show()
			}
		}
	}()
}

// Stop removes the line and shows no other.
func (b *Busy) Stop() {
	b.write(func() {})
	close(b.quit)
}

// show writes or renews the line.
func (b *Busy) show() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bar || typing.Load() || time.Since(b.last) < patience {
		return
	}
	b.shown = true
	fmt.Fprintf(b.file, "%sworking for %d s", eraseLine, int(time.Since(b.began).Seconds()))
}

// write removes the line, or the bar of work that was not finished, and calls text.
func (b *Busy) write(text func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shown || b.bar {
		io.WriteString(b.file, eraseLine)
	}
	text()
	b.shown, b.bar, b.last = false, false, time.Now()
}

// draw removes the line and calls bar, which draws a bar of finished or unfinished work.
func (b *Busy) draw(finished bool, bar func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shown {
		io.WriteString(b.file, eraseLine)
	}
	bar()
	b.shown, b.bar, b.last = false, !finished, time.Now()
}

// eraseLine makes a terminal remove its current line.
const eraseLine = "\r\033[K"

// watched is a stream to a terminal that is watched.
type watched struct {
	file *os.File
	busy *Busy
}

// Write writes to the terminal.
func (w *watched) Write(p []byte) (n int, err error) {
	w.busy.write(func() { n, err = w.file.Write(p) })
	return n, err
}

// Fd returns the terminal's file descriptor.
func (w *watched) Fd() uintptr { return w.file.Fd() }

// IsTerminal reports whether w is a terminal.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(f.Fd()))
}
