package cli

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/view"
)

// someResults writes results of two evaluations, one of which cannot be read, into a new folder.
func someResults(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	runHere(t, "eval", "--router", "random,length,mf", "--bench", "mt-bench", "--resamples", "100", "-o", filepath.Join(dir, "old"))
	runHere(t, "eval", "--router", "length,mf@judge", "--bench", "mt-bench,gsm8k", "--resamples", "100", "-o", filepath.Join(dir, "night", "new"))
	if err := os.MkdirAll(filepath.Join(dir, "broken"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "broken", "results.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	past := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(dir, "old", "results.json"), past, past); err != nil {
		t.Fatal(err)
	}
	return dir
}

// viewed asks a server for a page, with headers as NAME: VALUE.
func viewed(h http.Handler, method, address string, headers ...string) (int, string) {
	r := httptest.NewRequest(method, "http://127.0.0.1"+address, nil)
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		if r.Header.Set(name, value); name == "Host" {
			r.Host = value
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// keysIn returns the addresses' keys of results by name, from a list.
func keysIn(t *testing.T, list string, names ...string) []string {
	t.Helper()
	var out []string
	for _, name := range names {
		_, rest, ok := strings.Cut(list, `value="`)
		for ; ok; _, rest, ok = strings.Cut(rest, `value="`) {
			if strings.HasPrefix(rest[12:], `" aria-label="a: `+name+`"`) {
				out = append(out, rest[:12])
				break
			}
		}
	}
	if len(out) != len(names) {
		t.Fatalf("no %q in %s", names, list)
	}
	return out
}

// TestViewShowsAll expects a list of all results, the newest first, with what is wrong with one; a report
// of each; and what differs between two.
func TestViewShowsAll(t *testing.T) {
	h := view.New([]string{someResults(t)}, true).Handler()
	code, list := viewed(h, "GET", "/")
	if code != 200 || strings.Index(list, "night/new") > strings.Index(list, ">old<") {
		t.Fatalf("%d: the newest is not first in %s", code, list)
	}
	for _, want := range []string{"MT Bench; GSM8K", "2026-01-02", "mf, APGR", "not a result of this program"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list has no %q", want)
		}
	}
	keys := keysIn(t, list, "old", "night/new")
	if code, page := viewed(h, "GET", "/r/"+keys[0]); code != 200 || !strings.Contains(page, `data-live="/state?key=`+keys[0]) || !strings.Contains(page, "Samples: MT Bench") {
		t.Errorf("%d: no report", code)
	}
	code, page := viewed(h, "GET", "/diff?a="+keys[0]+"&b="+keys[1])
	for _, want := range []string{"paired, on the 72 samples that both results have", "Only in A: mf. Only in B: mf@judge.", "[.000, .000]", "What was evaluated"} {
		if !strings.Contains(page, want) {
			t.Errorf("%d: the differences have no %q", code, want)
		}
	}
	if code, page := viewed(h, "GET", "/both?a="+keys[0]+"&b="+keys[1]); code != 200 || !strings.Contains(page, "night/new:mf@judge") {
		t.Errorf("%d: no report of both", code)
	}
	for _, gone := range []string{"/r/0123456789ab", "/diff?a=" + keys[0] + "&b=no", "/elsewhere"} {
		if code, _ := viewed(h, "GET", gone); code != 404 {
			t.Errorf("%s: %d", gone, code)
		}
	}
}

// TestViewReadsAgain expects a changed file to have another state, and another page.
func TestViewReadsAgain(t *testing.T) {
	dir := someResults(t)
	h := view.New([]string{dir}, true).Handler()
	_, list := viewed(h, "GET", "/")
	key := keysIn(t, list, "old")[0]
	_, before := viewed(h, "GET", "/state?key="+key)
	_, page := viewed(h, "GET", "/r/"+key)
	runHere(t, "eval", "--router", "length", "--bench", "mt-bench", "--resamples", "100", "-o", filepath.Join(dir, "old"))
	_, after := viewed(h, "GET", "/state?key="+key)
	_, again := viewed(h, "GET", "/r/"+key)
	if before == after || page == again || strings.Count(after, "\n") != 1 {
		t.Errorf("states %q and %q, pages of %d and %d bytes", before, after, len(page), len(again))
	}
}

// TestViewIsOfThisMachine expects no answer under other names, for other sites, or to what would write.
func TestViewIsOfThisMachine(t *testing.T) {
	h := view.New([]string{t.TempDir()}, true).Handler()
	for _, c := range []struct {
		method string
		header string
		want   int
	}{
		{"GET", "Host: localhost:8123", 200},
		{"GET", "Host: [::1]:8123", 200},
		{"GET", "Host: evil.example", 403},
		{"GET", "Host: 127.0.0.1.nip.io", 403},
		{"GET", "Host: 192.168.1.5", 403},
		{"GET", "Sec-Fetch-Site: cross-site", 403},
		{"GET", "Sec-Fetch-Site: same-origin", 200},
		{"POST", "Host: localhost", 405},
		{"DELETE", "Host: localhost", 405},
	} {
		for _, address := range []string{"/", "/state"} {
			if code, _ := viewed(h, c.method, address, c.header); code != c.want {
				t.Errorf("%s %s, %s: %d, want %d", c.method, address, c.header, code, c.want)
			}
		}
	}
}

// TestViewEnds expects the server to end with its context.
func TestViewEnds(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- view.New([]string{t.TempDir()}, true).Serve(ctx, ln) }()
	answer, err := http.Get("http://" + ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil || !strings.Contains(string(body), "routellm eval -o DIR writes results") {
		t.Errorf("an empty folder: %s (%v)", body, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestViewNamesAPortInUse: the error says which flag to change.
func TestViewNamesAPortInUse(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	out := failing(t, "routellm view --no-open --port "+port+" "+t.TempDir())
	if !strings.Contains(out, "--port "+port) || !strings.Contains(out, "hint: without --port") {
		t.Errorf("view says %q", out)
	}
}
