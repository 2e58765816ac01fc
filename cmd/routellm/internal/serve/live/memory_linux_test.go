package live

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak returns the most memory that the process has had, in MB.
func (p *program) peak(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	found := highWater.FindSubmatch(status)
	if found == nil {
		t.Fatalf("no VmHWM in\n%s", status)
	}
	kb, _ := strconv.Atoi(string(found[1]))
	return kb >> 10
}

// TestBoundsLyingLengths opens connections that announce the largest request and send a hundred
// bytes of it.
func TestBoundsLyingLengths(t *testing.T) {
	const connections, sent, announced = 200, 100, 32 << 20
	p := serve(t, nil, modelsAt(upstream(t, answers).URL)...)
	before := p.peak(t)
	for range connections {
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s", announced, strings.Repeat(" ", sent))
	}
	p.reaches(t, "body_bytes", connections*sent)
	after := p.peak(t)
	t.Logf("%d connections: %d MB before, %d MB at most", connections, before, after)
	if after > before+64 {
		t.Errorf("%d MB before, %d MB at most", before, after)
	}
}

// TestBoundsBodies sends more large requests at once than max_bodies allows, to a model that does
// not answer yet. Some are refused, and memory stays within a multiple of max_bodies.
func TestBoundsBodies(t *testing.T) {
	const size, fit, sent = 8 << 20, 4, 12
	let := make(chan bool)
	slow := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-let
		answers(w, r)
	}
	p := serve(t, nil, modelsAt(upstream(t, slow).URL, "--max-body", strconv.Itoa(size), "--max-bodies", strconv.Itoa(size*fit))...)
	before := p.peak(t)
	request := `{"model": "routellm", "messages": [{"role": "user", "content": "` + strings.Repeat(`may a tenant sublet\n`, (size-100)/21) + `"}]}`
	statuses := make(chan int, sent)
	for range sent {
		go func() {
			res, err := http.Post(p.url+"/v1/chat/completions", "application/json", strings.NewReader(request))
			if err != nil { // the server has answered and closed the connection before it was sent
				statuses <- http.StatusServiceUnavailable
				return
			}
			res.Body.Close()
			statuses <- res.StatusCode
		}()
	}
	for range sent - fit { // the others wait for the model
		if status := <-statuses; status != http.StatusServiceUnavailable {
			t.Errorf("status %d, expected 503", status)
		}
	}
	close(let)
	for range fit {
		if status := <-statuses; status != http.StatusOK && status != http.StatusServiceUnavailable {
			t.Errorf("status %d, expected 200 or 503", status)
		}
	}
	after := p.peak(t)
	t.Logf("%d requests of %d MB: %d MB before, %d MB at most", sent, size>>20, before, after)
	if after > before+8*fit*size>>20 { // 4 to 6 times on an idle machine; without a bound, three times as much
		t.Errorf("%d MB before, %d MB at most", before, after)
	}
	p.reaches(t, "body_bytes", 0)
}

// TestBoundsBomb sends 256 MB, compressed.
func TestBoundsBomb(t *testing.T) {
	p := serve(t, nil, modelsAt(upstream(t, answers).URL)...)
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	part := make([]byte, 1<<20)
	for range 256 {
		_, _ = z.Write(part)
	}
	z.Close()
	before := p.peak(t)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			r, _ := http.NewRequest("POST", p.url+"/v1/chat/completions", bytes.NewReader(bomb.Bytes()))
			r.Header.Set("Content-Encoding", "gzip")
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				return // the server closed the connection before the request was sent
			}
			res.Body.Close()
			if res.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("status %d", res.StatusCode)
			}
		})
	}
	wait.Wait()
	after := p.peak(t)
	t.Logf("8 bombs of %d kB: %d MB before, %d MB at most", bomb.Len()>>10, before, after)
	if after > before+8*32*4 {
		t.Errorf("%d MB before, %d MB at most", before, after)
	}
	p.reaches(t, "body_bytes", 0)
}

// TestBoundsLongPrompts sends prompts that the router cannot score in time. Each goes to the
// default side, and the server is free again at once.
func TestBoundsLongPrompts(t *testing.T) {
	at := upstream(t, answers).URL
	p := serve(t, nil, "--strong-fraction", "0.5", "--max-text", "100000000", "--decision-timeout", "50ms", "--default-side", "weak",
		"--strong", "big@"+at+"/v1", "--weak", "small@"+at+"/v1")
	long := `{"model": "routellm", "messages": [{"role": "user", "content": "` + strings.Repeat("who pays for the lift? ", (30<<20)/23) + `"}]}`
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if res, _ := p.post(t, "/v1/chat/completions", long); res.StatusCode != http.StatusOK || res.Header.Get("X-Routellm-Model") != "small" {
				t.Errorf("status %d from %q", res.StatusCode, res.Header.Get("X-Routellm-Model"))
			}
		})
	}
	wait.Wait()
	for _, r := range p.logged(t, 8) {
		if r.Score.Exists() || r.Reason != "default" || r.Microseconds < 50_000 {
			t.Errorf("logged %+v", r)
		}
		t.Logf("decided after %.0f ms, answered after %.1f s", r.Microseconds/1000, r.LatencyS)
	}
	p.reaches(t, "late_scorings", 0)
	for range 20 { // other tests may have the cores for 50 ms
		if res, _ := p.post(t, "/v1/chat/completions", `{"model": "routellm", "messages": [{"role": "user", "content": "who pays"}]}`); res.Header.Get("X-Routellm-Score") != "" {
			return
		}
	}
	t.Error("no score for a short prompt afterwards")
}
