package serve

import (
	"net/http"
	"strings"
	"testing"

	"github.com/routellm/routellm/results"
)

// TestFailureLine checks the line about a failed request: it has the id of the decision log, and
// no text of the client or the model.
func TestFailureLine(t *testing.T) {
	ill := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "secret answer", http.StatusInternalServerError)
	})
	well := newFake(t, fine)
	p := start(t, ill.URL, well.URL, nil)
	p.post(t, "/v1/chat/completions", chat("routellm", easy))
	p.post(t, "/v1/chat/completions", chat("routellm", hard))
	r := ofSide(p.records(t, 2), results.Strong)
	var line string
	for l := range strings.Lines(p.log.String()) {
		if strings.Contains(l, `msg="request failed"`) {
			line += l
		}
	}
	for _, want := range []string{"level=WARN", "id=" + r.ID, "endpoint=chat", "side=strong", "answered=strong", "status=500", "error=server_error"} {
		if !strings.Contains(line, want) {
			t.Errorf("no %s in %q", want, line)
		}
	}
	if strings.Count(line, "\n") != 1 || strings.Contains(p.log.String(), "secret") || strings.Contains(p.log.String(), "prime") {
		t.Errorf("event log:\n%s", p.log.String())
	}
}

// TestBuildInfo looks for the metric that names the program.
func TestBuildInfo(t *testing.T) {
	p := start(t, "http://127.0.0.1:1", "http://127.0.0.1:1", nil)
	res, err := p.Client().Get(p.URL + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b strings.Builder
	if err := res.Write(&b); err != nil || !strings.Contains(b.String(), "\nroutellm_build_info{goversion=\"go1.") {
		t.Errorf("%v, no build_info in the metrics", err)
	}
}
