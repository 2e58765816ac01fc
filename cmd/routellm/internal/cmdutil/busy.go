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

// patience is how long a terminal may show nothing new before it shows that the command is
// still at work.
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
	if !isTerminal(s.Err) {
		return s, b
	}
	b.file = s.Err.(*os.File)
	s.Err = &watched{b.file, b}
	if isTerminal(s.Out) {
		s.Out = &watched{s.Out.(*os.File), b}
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
	b.yield(func() bool { return false })
	close(b.quit)
}

// show writes or renews the line.
func (b *Busy) show() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bar || time.Since(b.last) < patience {
		return
	}
	b.shown = true
	fmt.Fprintf(b.file, "%sworking for %d s", eraseLine, int(time.Since(b.began).Seconds()))
}

// yield removes the line and calls write, which reports whether it left an unfinished bar.
func (b *Busy) yield(write func() (bar bool)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shown {
		io.WriteString(b.file, eraseLine)
	}
	b.shown, b.bar = false, write()
	b.last = time.Now()
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
	w.busy.yield(func() bool {
		n, err = w.file.Write(p)
		return false
	})
	return n, err
}

// Fd returns the terminal's file descriptor.
func (w *watched) Fd() uintptr { return w.file.Fd() }

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(f.Fd()))
}
