package decisionlog

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"
)

// TestMain writes records to the log ROUTELLM_TEST_LOG instead of running the tests, if it is set,
// for tests with several processes.
func TestMain(m *testing.M) {
	path := os.Getenv("ROUTELLM_TEST_LOG")
	if path == "" {
		os.Exit(m.Run())
	}
	l, err := Open(path, 1, 0)
	for i := 0; i < 100 && err == nil; i++ {
		err = l.Write(record(fmt.Sprintf("child-%d", i)))
	}
	fmt.Println(err)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test lets it end
}

// other is another process with a log.
type other struct {
	*exec.Cmd
	said string // "<nil>", or the error of opening the log or writing to it
	end  io.Closer
}

func open(t *testing.T, path string) *other {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "ROUTELLM_TEST_LOG="+path)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); c.Process.Kill(); _ = c.Wait() })
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return &other{c, strings.TrimSpace(said), in}
}

// TestLock opens a log that another process has, until that is killed.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "new", "d.jsonl")
	first := open(t, path)
	if first.said != "<nil>" || !InUse(path) {
		t.Fatalf("the first process: %s, in use %v", first.said, InUse(path))
	}
	link := filepath.Join(dir, "link.jsonl")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{path, link} {
		_, err := Open(path, 1, 0)
		if err == nil || !strings.Contains(err.Error(), "is in use by another server") || len(hint.Of(err)) != 1 || !strings.Contains(hint.Of(err)[0], "one log per replica") {
			t.Errorf("%s: %v, hints %v", path, err, hint.Of(err))
		}
	}
	if err := CheckPath(path); err != nil {
		t.Errorf("CheckPath: %v", err)
	}
	n := 0
	if _, err := Read(path, func(Record) error { n++; return nil }); err != nil || n != 100 {
		t.Errorf("%d records, %v", n, err)
	}
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	l, err := Open(path, 1, 0)
	if err != nil {
		t.Fatalf("after the other process was killed: %v", err)
	}
	if second := open(t, path); !strings.Contains(second.said, "in use by another server") {
		t.Errorf("another process while this one has the log: %s", second.said)
	}
	if err := l.Close(); err != nil || InUse(path) {
		t.Errorf("closed: %v, in use %v", err, InUse(path))
	}
}

// TestLockRotated expects a log to stay locked when it is renamed and begun anew.
func TestLockRotated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.jsonl")
	l, err := Open(path, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := l.file.Rotate(); err != nil {
		t.Fatal(err)
	}
	if second := open(t, path); !strings.Contains(second.said, "in use by another server") {
		t.Errorf("another process: %s", second.said)
	}
}

// TestInUse expects no file to be left beside a log that no one has opened.
func TestInUse(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "d.jsonl")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	files, _ := os.ReadDir(dir)
	if InUse(path) || InUse(filepath.Join(dir, "none", "d.jsonl")) || len(files) != 1 {
		t.Errorf("in use, or %d files", len(files))
	}
}
