package cli

import (
	"bufio"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// typeOn runs the program on a terminal of 80 columns, on which lines are typed once it has said
// something. It returns what the program has written to standard output, and what the terminal shows.
func typeOn(t *testing.T, lines string, args ...string) (stdout, shown string) {
	t.Helper()
	end, terminal := openTerminal(t, 80)
	in, errs := os.Stdin, os.Stderr
	os.Stdin, os.Stderr = terminal, terminal
	defer func() { os.Stdin, os.Stderr = in, errs }()
	var out strings.Builder
	code := make(chan int)
	go func() {
		defer terminal.Close()
		code <- Main(args, &out, terminal)
	}()
	all := make(chan string)
	go func() {
		r := bufio.NewReader(end)
		first, _ := r.ReadString('\n')
		_, _ = io.WriteString(end, lines+"\x04") // Ctrl-D
		rest, _ := io.ReadAll(r)                 // ends with an error when the terminal is closed
		all <- strings.ReplaceAll(first+string(rest), "\r\n", "\n")
	}()
	if got := <-code; got != cmdutil.ExitDone {
		t.Errorf("%q: exit %d", args, got)
	}
	return out.String(), <-all
}

func TestTypedPrompts(t *testing.T) {
	out, shown := typeOn(t, "who signs\n{\"id\": 7, \"prompt\": \"add 2 and 2\"}\n", "route", "--router", "length", "--threshold", "10")
	if want := `waiting for prompts, one per line, as text or {"prompt": "..."}; Ctrl-D ends` + "\n"; !strings.Contains(shown, want) {
		t.Errorf("the terminal shows %q, want %q", shown, want)
	}
	if strings.Count(out, "\n") != 2 || !strings.HasPrefix(out, `{"router":"length"`) || !strings.Contains(out, `"id":7`) {
		t.Errorf("decisions:\n%s", out)
	}
}

func TestTypedTable(t *testing.T) {
	table := "id,question,big,small\na,who signs,1,0\nb,add 2 and 2,1,1\nc,what is the eleventh prime,0,0\n"
	out, shown := typeOn(t, table, "eval", "-", "--router", "length", "--pair", "big,small", "--resamples", "0", "--format", "csv")
	if want := "waiting for a table or lines of JSON; Ctrl-D ends\n"; !strings.Contains(shown, want) {
		t.Errorf("the terminal shows %q, want %q", shown, want)
	}
	if !strings.Contains(out, "length") {
		t.Errorf("no result:\n%s\nshown:\n%s", out, shown)
	}
}

// TestErrorsFitTerminal expects long errors and hints to break between words on a terminal, and a pipe to
// get whole lines.
func TestErrorsFitTerminal(t *testing.T) {
	args := []string{"eval", "mmlu", "--router", "lenght"}
	end, terminal := openTerminal(t, 80)
	all := make(chan string)
	go func() {
		shown, _ := io.ReadAll(end) // ends with an error when the terminal is closed
		all <- strings.ReplaceAll(string(shown), "\r\n", "\n")
	}()
	if code := Main(args, io.Discard, terminal); code != cmdutil.ExitUsage {
		t.Errorf("exit %d", code)
	}
	terminal.Close()
	shown := <-all
	for line := range strings.Lines(shown) {
		if len(line) > 81 {
			t.Errorf("more than 80 columns: %s", line)
		}
	}
	var whole strings.Builder
	Main(args, io.Discard, &whole)
	if got := strings.ReplaceAll(shown, "\n  ", " "); !strings.HasSuffix(got, whole.String()) || strings.Count(whole.String(), "\n") != 3 {
		t.Errorf("on a terminal\n%s\nin a pipe\n%s", got, whole.String())
	}
}
