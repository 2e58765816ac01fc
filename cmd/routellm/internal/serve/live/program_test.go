package live

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
)

// binary is the program, which TestMain builds.
var binary string

func TestMain(m *testing.M) {
	if os.Getenv("ROUTELLM_LIVE") != "1" {
		os.Exit(m.Run()) // every test skips itself
	}
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "routellm-live-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "routellm")
	build := exec.Command("go", "build", "-o", binary, "github.com/routellm/routellm/cmd/routellm")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return 1
	}
	return m.Run()
}

// program is the program as a process that serves.
type program struct {
	*exec.Cmd
	url string
	log string // the decision log's file

	mu   sync.Mutex
	said strings.Builder // standard error
}

var listening = regexp.MustCompile(`msg=listening address=(\S+)`)

// serve starts the program with the given flags and waits until it listens. The environment has
// the given variables, NAME=VALUE, beside the tests' own. It skips the test without
// ROUTELLM_LIVE=1.
func serve(t *testing.T, env []string, flags ...string) *program {
	t.Helper()
	return serveAs(t, func(*exec.Cmd) {}, env, flags...)
}

// serveAs does the same after change has changed the command.
func serveAs(t *testing.T, change func(*exec.Cmd), env []string, flags ...string) *program {
	t.Helper()
	needLive(t)
	p := &program{log: filepath.Join(t.TempDir(), "decisions.jsonl")}
	p.Cmd = exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0", "--log", p.log}, flags...)...)
	p.Env = append(os.Environ(), env...)
	change(p.Cmd)
	out, err := p.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Process.Kill()
		_ = p.Wait()
	})
	ready := make(chan string, 1)
	go p.listen(out, ready)
	select {
	case p.url = <-ready:
	case <-time.After(time.Minute):
	}
	if p.url == "" {
		t.Fatalf("serve does not listen:\n%s", p.output())
	}
	return p
}

func needLive(t *testing.T) {
	t.Helper()
	if os.Getenv("ROUTELLM_LIVE") != "1" {
		t.Skip("skipped: make test-serve runs it")
	}
}

// listen keeps what the program says and sends the address at which it listens, or "" if it ends.
func (p *program) listen(out io.Reader, ready chan<- string) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		p.mu.Lock()
		p.said.WriteString(lines.Text() + "\n")
		p.mu.Unlock()
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			ready <- found[1]
		}
	}
	close(ready)
}

// output returns what the program has said on standard error.
func (p *program) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// post sends a JSON request and returns the answer with its whole body.
func (p *program) post(t *testing.T, path, request string) (*http.Response, string) {
	t.Helper()
	res, err := http.Post(p.url+path, "application/json", strings.NewReader(request))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(raw)
}

// logged waits until the decision log has n records, which come a moment after the answers, and
// returns them.
func (p *program) logged(t *testing.T, n int) []decisionlog.Record {
	t.Helper()
	for range 100 {
		if all := p.records(t); len(all) >= n {
			return all
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%d records in the decision log, expected %d", len(p.records(t)), n)
	return nil
}

// records returns the records of the decision log so far.
func (p *program) records(t *testing.T) []decisionlog.Record {
	t.Helper()
	var all []decisionlog.Record
	if _, err := decisionlog.Read(p.log, func(r decisionlog.Record) error { all = append(all, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// get asks for an address and returns the answer with its whole body.
func (p *program) get(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	res, err := http.Get(p.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(raw)
}
