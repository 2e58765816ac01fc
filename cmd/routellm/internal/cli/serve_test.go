package cli

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
)

// served is the program as a process of its own, serving.
type served struct {
	*exec.Cmd
	url  string
	said chan string // the lines of its standard error after that with its address, then closed
}

// listening matches the line that serve writes when it has an address.
var listening = regexp.MustCompile(`msg=listening address=(\S+)`)

// startServe runs the program, which testscript has put into the PATH.
func startServe(tb testing.TB, args ...string) *served {
	tb.Helper()
	s := &served{Cmd: exec.Command("routellm", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...), said: make(chan string, 1000)}
	out, err := s.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := s.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Process.Kill() })
	lines := bufio.NewScanner(out)
	var earlier []string
	for s.url == "" {
		if !lines.Scan() {
			tb.Fatalf("serve says %q, and no address", earlier)
		}
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			s.url = m[1]
		}
		earlier = append(earlier, lines.Text())
	}
	go func() {
		for lines.Scan() {
			s.said <- lines.Text()
		}
		close(s.said)
	}()
	return s
}

const chatRequest = `{"model": "routellm", "messages": [{"role": "user", "content": "may a tenant sublet without asking"}]}`

// ask sends a request and reads the answer.
func (s *served) ask() error {
	res, err := http.Post(s.url+"/v1/chat/completions", "application/json", strings.NewReader(chatRequest))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// newStub is a model's server that answers at once.
func newStub(tb testing.TB) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"choices": [{"message": {"role": "assistant", "content": "no"}}], "usage": {"prompt_tokens": 8, "completion_tokens": 1}}`)
	}))
	tb.Cleanup(s.Close)
	return s.URL
}

// TestServeKilled kills the server while it answers and logs, time after time. The log
// has whole lines alone, and every answer that a client has seen the end of is in it.
func TestServeKilled(t *testing.T) {
	stub, dir := newStub(t), t.TempDir()
	path, answered := filepath.Join(dir, "decisions.jsonl"), 0
	for range 3 {
		s := startServe(t, "--router", "length", "--threshold", "30", "--strong", "big@"+stub+"/v1", "--weak", "small@"+stub+"/v1", "--log", path)
		var wait sync.WaitGroup
		var mu sync.Mutex
		for range 4 {
			wait.Go(func() {
				for s.ask() == nil {
					mu.Lock()
					answered++
					if answered%200 == 0 {
						s.Process.Kill()
					}
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		s.Process.Kill()
		s.Wait()
	}
	logs, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	records := 0
	for _, path := range logs {
		if _, err := decisionlog.Read(path, func(decisionlog.Record) error { records++; return nil }); err != nil {
			t.Error(err)
		}
	}
	if answered < 600 || records < answered-4*3 { // a line is written when the answer is: what was under way may lack one
		t.Errorf("%d records of %d answers", records, answered)
	}
	var out, errs bytes.Buffer
	if code := Main(append([]string{"log", "--out", filepath.Join(dir, "t.parquet")}, logs...), &out, &errs); code != cmdutil.ExitDone {
		t.Errorf("log: %s", errs.String())
	}
}

// TestServeSignals reloads a changed file, keeps the settings where it is wrong, and ends
// when it is told to.
func TestServeSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: Windows sends no signals")
	}
	stub, path := newStub(t), filepath.Join(t.TempDir(), "serve.yaml")
	write := func(rest string) {
		text := "router: length\nstrong: big@" + stub + "/v1\nweak: small@" + stub + "/v1\n" + rest
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("threshold: 30\n")
	s := startServe(t, "--config", path)
	side := func() string {
		res, err := http.Post(s.url+"/v1/chat/completions", "", strings.NewReader(chatRequest))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.Header.Get("X-Routellm-Model")
	}
	first := side()
	write("threshold: 1000\n")
	s.Process.Signal(syscall.SIGHUP)
	if line := <-s.said; first != "big" || side() != "small" || !strings.Contains(line, "msg=reloaded") {
		t.Errorf("%s, then %s; said %s", first, side(), line)
	}
	write("threshold: low\n")
	s.Process.Signal(syscall.SIGHUP)
	if line := <-s.said; side() != "small" || !strings.Contains(line, `level=ERROR msg="not reloaded: the old settings stay in force"`) || !strings.Contains(line, `serve.yaml:4: key \"threshold\"`) {
		t.Errorf("said %s", line)
	}
	s.Process.Signal(syscall.SIGTERM)
	if line := <-s.said; !strings.Contains(line, "msg=draining") {
		t.Errorf("said %s", line)
	}
	for range s.said {
	}
	if err := s.Wait(); err != nil {
		t.Error(err)
	}
}
