package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// openTerminal opens a pseudo-terminal of a width: what a program writes to terminal is
// read from the other end.
func openTerminal(t *testing.T, columns uint16) (end, terminal *os.File) {
	t.Helper()
	end, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("skipped: no pseudo-terminals: ", err)
	}
	t.Cleanup(func() { end.Close() })
	number, err := unix.IoctlGetInt(int(end.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(end.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	if terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
		t.Fatal(err)
	}
	return end, terminal
}

// onTerminal runs the program on a terminal and returns what it shows.
func onTerminal(t *testing.T, columns uint16, args ...string) string {
	t.Helper()
	end, terminal := openTerminal(t, columns)
	code := make(chan int)
	go func() {
		defer terminal.Close()
		code <- Main(args, terminal, io.Discard)
	}()
	shown := make(chan string)
	go func() {
		all, _ := io.ReadAll(end) // ends with an error when the terminal is closed
		shown <- strings.ReplaceAll(string(all), "\r\n", "\n")
	}()
	if got := <-code; got != cmdutil.ExitDone {
		t.Fatalf("exit %d", got)
	}
	return <-shown
}

func TestEvalOnTerminal(t *testing.T) {
	args := []string{"eval", "--router", "length,mf", "--bench", "mt-bench", "--resamples", "100"}
	for _, name := range []string{"COLUMNS", "NO_COLOR"} {
		t.Setenv(name, "")
	}
	t.Setenv("TERM", "xterm")
	piped := string(runHere(t, args...))
	if strings.ContainsAny(piped, "\x1b▁") {
		t.Error("a pipe gets colour or curves")
	}
	wide := onTerminal(t, 80, args...)
	for _, want := range []string{"\x1b[1mMT Bench: 72 samples\x1b[0m\n", "▁▂▃▄▅▆▇█\n", "\x1b[1mmf *"} {
		if !strings.Contains(wide, want) {
			t.Errorf("no %q on a terminal:\n%s", want, wide)
		}
	}
	if narrow := onTerminal(t, 60, args...); strings.Contains(narrow, "headroom") || !strings.Contains(narrow, "quality") {
		t.Errorf("in 60 columns:\n%s", narrow)
	}
	t.Setenv("COLUMNS", "40")
	if narrow := onTerminal(t, 120, args...); strings.Contains(narrow, "quality  ") || !strings.Contains(narrow, "APGR") {
		t.Errorf("COLUMNS is not heeded:\n%s", narrow)
	}
	for name, value := range map[string]string{"NO_COLOR": "1", "TERM": "dumb"} {
		old := os.Getenv(name)
		t.Setenv(name, value)
		if plain := onTerminal(t, 80, args...); strings.Contains(plain, "\x1b") {
			t.Errorf("%s=%s: colour", name, value)
		}
		t.Setenv(name, old)
	}
	csv := append(args, "--format", "csv")
	if onTerminal(t, 20, csv...) != string(runHere(t, csv...)) {
		t.Error("CSV differs on a terminal")
	}
}
