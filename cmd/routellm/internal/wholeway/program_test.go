package wholeway

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// folder holds the program; "" before it is built.
var folder string

// build builds the program once, and returns its path.
var build = sync.OnceValues(func() (binary string, err error) {
	if folder, err = os.MkdirTemp("", "routellm-whole-"); err != nil {
		return "", err
	}
	binary = filepath.Join(folder, "routellm")
	c := exec.Command("go", "build", "-o", binary, "github.com/routellm/routellm/cmd/routellm")
	if out, err := c.CombinedOutput(); err != nil {
		return binary, fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.RemoveAll(folder) // "" removes nothing
	os.Exit(code)
}

func needNightly(t *testing.T) {
	t.Helper()
	if !nightly() {
		t.Skip("skipped: make test-whole runs it")
	}
}

// desk is a folder in which a user works, with a cache of its own.
type desk struct {
	binary, dir string
	env         []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return &desk{binary: binary, dir: dir, env: append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(dir, "cache"), "HOME="+dir)}
}

// path returns the path of a file in the folder.
func (d *desk) path(name string) string { return filepath.Join(d.dir, name) }

// write writes a file.
func (d *desk) write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(d.path(name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// command returns a run of the program in the folder. The line is split at spaces.
func (d *desk) command(line string) *exec.Cmd {
	c := exec.Command(d.binary, strings.Fields(line)...)
	c.Dir, c.Env = d.dir, d.env
	return c
}

// run runs the program, whose exit code has to be the given one. It shows the command with its
// output and its time, and returns the output.
func (d *desk) run(t *testing.T, code int, line string) string {
	t.Helper()
	c, start := d.command(line), time.Now()
	out, err := c.CombinedOutput()
	t.Logf("$ routellm %s\n%s(%.1f s)", line, out, time.Since(start).Seconds())
	if got := c.ProcessState.ExitCode(); got != code {
		t.Fatalf("exit code %d, expected %d: %v", got, code, err)
	}
	return string(out)
}

// runKilled starts the program and kills it after a while. It reports whether the program ended by
// itself before, which it has to do with exit code 0.
func (d *desk) runKilled(t *testing.T, after time.Duration, line string) bool {
	t.Helper()
	c := d.command(line)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = c.Process.Kill() })
	err := c.Wait()
	timer.Stop()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return true
	case errors.As(err, &ended) && !ended.Exited():
		return false
	}
	t.Fatalf("$ routellm %s\n%s%v", line, &out, err)
	return false
}

// server is the program as a process that serves.
type server struct {
	*exec.Cmd
	url   string
	ended chan struct{}
}

var listening = regexp.MustCompile(`msg=listening address=(\S+)`)

// serve starts the program and waits until it listens.
func (d *desk) serve(t *testing.T, line string) *server {
	t.Helper()
	s := &server{Cmd: d.command("serve --listen 127.0.0.1:0 " + line), ended: make(chan struct{})}
	out, err := s.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Process.Kill() })
	lines := bufio.NewScanner(out)
	var said []string
	for s.url == "" && lines.Scan() {
		said = append(said, lines.Text())
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			s.url = found[1]
		}
	}
	if s.url == "" {
		t.Fatalf("serve does not listen:\n%s", strings.Join(said, "\n"))
	}
	go func() {
		_, _ = io.Copy(io.Discard, out)
		close(s.ended)
	}()
	return s
}

// stop ends the server as an operator does, so that its log is complete.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-s.ended
	if err := s.Wait(); err != nil {
		t.Fatal(fmt.Errorf("serve: %w", err))
	}
}

func nightly() bool { return os.Getenv("ROUTELLM_NIGHTLY") == "1" }
