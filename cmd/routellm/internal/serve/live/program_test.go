package live

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/servetest"
	"github.com/routellm/routellm/internal/goschema/schematest"
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
	return servetest.Do(t, http.DefaultClient, "POST", p.url+path, request, "Content-Type: application/json")
}

// get asks for an address and returns the answer with its whole body.
func (p *program) get(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	return servetest.Do(t, http.DefaultClient, "GET", p.url+path, "")
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
	schematest.Lines(t, "decisions.schema.json", p.log)
	return all
}

// status asks a question and returns the status of the answer.
func (p *program) status(t *testing.T, request string) int {
	t.Helper()
	res, _ := p.post(t, "/v1/chat/completions", request)
	return res.StatusCode
}

// send writes bytes to the program as they are, ends its side of the connection if end is set,
// and returns the first answer.
func (p *program) send(t *testing.T, text string, end bool) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(strings.TrimPrefix(p.url, "http://"), "https://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	if end {
		_ = conn.(*net.TCPConn).CloseWrite()
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%.60q: %v", text, err)
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	return res, string(raw)
}

// reload sends SIGHUP and waits until the program says the line once more.
func (p *program) reload(t *testing.T, line string) {
	t.Helper()
	before := strings.Count(p.output(), line)
	if err := p.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	p.says(t, line, before+1)
}

// says waits until the program has said a text at least n times.
func (p *program) says(t *testing.T, text string, n int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); strings.Count(p.output(), text) < n; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("expected %s, %d times, in the log:\n%s", text, n, p.output())
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
