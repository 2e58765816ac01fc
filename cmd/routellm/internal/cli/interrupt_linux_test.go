package cli

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets/importers"
)

// interrupts are the commands that can work for long, each with what keeps it at work: real
// work, another program, or a pipe into which nobody writes, "wait". The folder of a case has
// own.parquet, answers.csv and those pipes that its line names.
var interrupts = []string{
	"answer --data own.parquet --model hangs=m@URL/v1 --out out.parquet",
	"audit mmlu gsm8k",
	"audit wait.parquet",
	"calibrate --router length --data wait.parquet --strong-fraction 0.5 --artifact out",
	"compare mf length --bench gsm8k --resamples 100000 --permutations 100000",
	"datasets import battles wait.csv --out out",
	"datasets import grades wait.jsonl --out out",
	"datasets import lm-eval wait.jsonl --out out",
	"datasets import routellm --from . --out out", // the pipe is among the files that it reads
	"datasets import table wait.csv --prompt q --out out",
	"datasets info wait.parquet",
	"datasets overlap wait.parquet mmlu",
	"datasets pull gsm8k --from .",
	"embed --data own.parquet --encoder openai --encoder-url URL/v1 --out out",
	"eval --router mf,length --bench mmlu --resamples 100000 --out out",
	"eval --log wait.csv",
	"figures --out out --resamples 100000",
	"fit --data mmlu --candidates length --no-curve --resamples 1000000 --out out",
	"fit --data wait.parquet --out out",
	"gate --policy wait.yaml results.json --junit out",
	"init wait.csv",
	"grade answers.csv --kind exec:./sleeps --time-limit 1000s --out out.parquet",
	"grade wait.csv --gold correct --kind exact --out out.parquet",
	"judge answers.csv --judge hangs=m@URL/v1 --out out.parquet",
	"log wait.jsonl --out out.parquet",
	"plan wait.parquet --out out.svg",
	"report wait.json --out out.html",
	"score --router exec:./sleeps --data own.parquet --out out.parquet",
	"score --router URL/score --data own.parquet --out out.parquet",
	"score --router exec:./sleeps --in own.parquet --out out.parquet",
	"train knn --data wait.parquet --out out",
	"train mf --data arena,judge --gold mmlu:4000 --out out",
}

// others lists the commands of no long work, which read little but what is built in, and those
// that show nothing while they wait and have tests of their own.
var others = []string{"cache", "columns", "datasets digests", "datasets list", "doctor", "help", "man", "version", "route", "schema", "serve", "view",
	"sql drift", "sql duplicates", "sql leaks", "sql pool", "sql refine", "sql scan", "sql summary", "sql threshold"}

// TestInterrupts presses Ctrl-C on a terminal once a command shows that it has been at work for
// a second, or a bar.
func TestInterrupts(t *testing.T) {
	hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(hangs.Close)
	own, err := filepath.Abs(ownParquet(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range interrupts {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			args := strings.Fields(strings.ReplaceAll(line, "URL", hangs.URL))
			prepare(t, dir, own, args)
			before := filesIn(t, dir)
			c := startOnTerminal(t, dir, args...)
			c.await(t, `working for \d+ s|\d+% \|`)
			c.press(t, "\x03")
			c.checkEnd(t, 130)
			if after := filesIn(t, dir); !slices.Equal(after, before) {
				t.Errorf("files %q, before %q", after, before)
			}
			checkSleeper(t, dir)
		})
	}
}

// TestInterruptsCoverEveryCommand fails for a command that is in neither list. All commands of
// train do the same, and so do the imports of all tools.
func TestInterruptsCoverEveryCommand(t *testing.T) {
	var check func(c *cobra.Command)
	check = func(c *cobra.Command) {
		name := strings.TrimPrefix(c.CommandPath(), "routellm ")
		covered := slices.ContainsFunc(append(others, interrupts...), func(line string) bool { return strings.HasPrefix(line+" ", name+" ") })
		_, noTool := importers.Find(c.Name())
		alike := strings.HasPrefix(name, "train ") || noTool == nil || name == "datasets import auto"
		if !c.HasSubCommands() && !alike && !covered {
			t.Errorf("no test interrupts %q", name)
		}
		for _, sub := range c.Commands() {
			check(sub)
		}
	}
	check(newRoot(cmdutil.Streams{Out: io.Discard, Err: io.Discard}))
}

// TestInterruptRoute presses Ctrl-C while route waits for the next prompt.
func TestInterruptRoute(t *testing.T) {
	c := startOnTerminal(t, t.TempDir(), "route", "--router", "length", "--threshold", "3")
	c.press(t, `{"prompt": "one"}`+"\n")
	c.await(t, `"decision"`)
	c.press(t, "\x03")
	c.checkEnd(t, 130)
}

// TestInterruptView presses Ctrl-C while view waits for requests: that is how it ends, without an error.
func TestInterruptView(t *testing.T) {
	c := startOnTerminal(t, t.TempDir(), "view", "--no-open")
	c.await(t, `http://127\.0\.0\.1:\d+/[^$]*Ctrl-C ends`)
	c.press(t, "\x03")
	<-c.ended
	if code := c.ProcessState.ExitCode(); code != 0 || strings.Contains(c.output(), "routellm:") {
		t.Errorf("exit code %d: %q", code, c.output())
	}
}

// TestInterruptScore presses Ctrl-C while score waits for the next row of a stream, whose rows so far
// would become a file.
func TestInterruptScore(t *testing.T) {
	dir := t.TempDir()
	c := startOnTerminal(t, dir, "score", "--router", "length", "--stream", "ndjson", "--out", "out.jsonl")
	c.await(t, `waiting for a stream of rows`)
	c.press(t, `{"prompt": "one"}`+"\n")
	c.await(t, `"prompt": "one"`) // what the terminal echoes
	c.press(t, "\x03")
	c.checkEnd(t, 130)
	if left := filesIn(t, dir); len(left) > 0 {
		t.Errorf("files %q", left)
	}
}

// TestInterruptServe presses Ctrl-C before there is anything to drain.
func TestInterruptServe(t *testing.T) {
	dir := t.TempDir()
	pipe(t, filepath.Join(dir, "wait.yaml"))
	c := startOnTerminal(t, dir, "serve", "--config", "wait.yaml")
	config, err := os.OpenFile(filepath.Join(dir, "wait.yaml"), os.O_WRONLY, 0) // waits until serve reads it
	if err != nil {
		t.Fatal(err)
	}
	defer config.Close()
	c.press(t, "\x03")
	c.checkEnd(t, 130)
}

// TestSignals sends other signals than Ctrl-C's, and a second one.
func TestSignals(t *testing.T) {
	for signal, code := range map[syscall.Signal]int{syscall.SIGTERM: 143, syscall.SIGHUP: 129} {
		dir := t.TempDir()
		pipe(t, filepath.Join(dir, "wait.csv"))
		c := startOnTerminal(t, dir, "datasets", "import", "table", "wait.csv", "--out", "out")
		c.await(t, `working for \d+ s`)
		if err := c.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		c.checkEnd(t, code)
	}
	dir := t.TempDir()
	pipe(t, filepath.Join(dir, "wait.csv"))
	c := startOnTerminal(t, dir, "datasets", "import", "table", "wait.csv", "--out", "out")
	c.await(t, `working for \d+ s`)
	for running := true; running; { // two that come together count as one
		_ = c.Process.Signal(syscall.SIGINT)
		select {
		case <-c.ended:
			running = false
		case <-time.After(time.Millisecond):
		}
	}
	if !c.ProcessState.Sys().(syscall.WaitStatus).Signaled() {
		t.Errorf("after more than one signal: %v", c.ProcessState)
	}
}

// onTerminalCommand is a running program whose streams are a terminal of its own.
type onTerminalCommand struct {
	*exec.Cmd
	keyboard *os.File
	mu       sync.Mutex
	shown    bytes.Buffer
	ended    chan bool // closed once the program has ended and all that it showed is read
}

// startOnTerminal runs the program in a folder, on a terminal whose Ctrl-C it gets.
func startOnTerminal(t *testing.T, dir string, args ...string) *onTerminalCommand {
	t.Helper()
	end, terminal := openTerminal(t, 80)
	defer terminal.Close()
	c := &onTerminalCommand{Cmd: exec.Command("routellm", args...), keyboard: end, ended: make(chan bool)}
	c.Dir, c.Stdin, c.Stdout, c.Stderr = dir, terminal, terminal, terminal
	c.Env = append(os.Environ(), "TMPDIR="+dir, "XDG_CACHE_HOME="+filepath.Join(dir, "cache"), "OPENAI_API_KEY=none")
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = io.Copy(c, end) // ends with an error when the program closes the terminal
		_ = c.Wait()           // ProcessState says the same
		close(c.ended)
	}()
	t.Cleanup(func() {
		_ = c.Process.Kill()
		<-c.ended
	})
	return c
}

// Write adds to what the program has shown.
func (c *onTerminalCommand) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shown.Write(p)
}

// output returns what the program has shown so far.
func (c *onTerminalCommand) output() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shown.String()
}

// await waits until the program shows something.
func (c *onTerminalCommand) await(t *testing.T, pattern string) {
	t.Helper()
	re := regexp.MustCompile(pattern)
	for range 6000 { // a minute, after which something is wrong
		if re.MatchString(c.output()) {
			return
		}
		select {
		case <-c.ended:
			t.Fatalf("ended without %s: %q", pattern, c.output())
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatalf("no %s in %q", pattern, c.output())
}

func (c *onTerminalCommand) press(t *testing.T, keys string) {
	t.Helper()
	if _, err := io.WriteString(c.keyboard, keys); err != nil {
		t.Fatal(err)
	}
}

// checkEnd waits until the program has ended. It fails for another exit code, and if the
// program takes many times the second that is promised, as machines may be busy.
func (c *onTerminalCommand) checkEnd(t *testing.T, code int) {
	t.Helper()
	late := time.AfterFunc(20*time.Second, func() { _ = c.Process.Kill() })
	defer late.Stop()
	<-c.ended
	if got := c.ProcessState.ExitCode(); got != code || !strings.Contains(c.output(), "routellm: interrupted\r\n") {
		t.Errorf("exit code %d, want %d: %v, %q", got, code, c.ProcessState, c.output())
	}
}

// prepare makes the files that a command line names: own.parquet, answers.csv, a program, and pipes.
func prepare(t *testing.T, dir, own string, args []string) {
	t.Helper()
	if err := os.Symlink(own, filepath.Join(dir, "own.parquet")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "answers.csv"), []byte("prompt,correct,answer:big,answer:small\none,1,1,2\ntwo,2,2,3\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "sleeps"), []byte("#!/bin/sh\nsleep 1000 & echo $! > pid; wait\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	pipes := []string{}
	for _, arg := range args {
		if strings.HasPrefix(arg, "wait.") {
			pipes = append(pipes, arg)
		}
		if arg == "--from" {
			pipes = append(pipes, "routellm/gsm8k/gsm8k_responses.csv", "routellm/mmlu/mmlu_high_school_european_history.csv")
		}
	}
	for _, name := range pipes {
		pipe(t, filepath.Join(dir, name))
	}
}

func pipe(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
}

// filesIn lists all files below a folder but the one of the program "sleeps".
func filesIn(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "pid" {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// checkSleeper fails if the child of the program "sleeps", which was not told to end, still
// runs.
func checkSleeper(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "pid"))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err == nil && !bytes.Contains(status, []byte(") Z ")) {
		t.Errorf("a child of the command still runs: %s", status)
	}
}

// ownParquet writes a small data set with prompts and returns its path.
func ownParquet(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	table := filepath.Join(dir, "own.csv")
	if err := os.WriteFile(table, []byte("q,big,small\none,1,0\ntwo words,0,1\nthree more words,1,1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "own.parquet")
	runHere(t, "datasets", "import", "table", table, "--prompt", "q", "--model", "big", "--model", "small", "--pair", "big,small", "--out", path)
	return path
}
