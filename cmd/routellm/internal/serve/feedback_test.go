package serve

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
)

const someID = "00112233445566778899aabbccddeeff"

// TestFeedback gives feedback on an answer and finds it in the log, beside the decision.
func TestFeedback(t *testing.T) {
	model := newFake(t, fine)
	p := start(t, model.URL, model.URL, nil)
	res, _, _ := p.post(t, "/v1/chat/completions", chat("routellm", easy))
	id := res.Header.Get("X-Routellm-Id")
	res, answer, _ := p.post(t, "/v1/feedback", `{"id": "`+id+`", "quality": 0.5, "thumb": "down", "comment": "too \"short\""}`)
	if res.StatusCode != http.StatusOK || answer != `{"id":"`+id+`","object":"feedback"}`+"\n" {
		t.Fatalf("%d %s", res.StatusCode, answer)
	}
	p.metric(t, `feedback_total{verdict="down"}`, 1)
	p.records(t, 1)
	var got []decisionlog.Feedback
	_, err := decisionlog.Lines{Feedback: func(f *decisionlog.Feedback) error { got = append(got, *f); return nil }}.Read(p.path)
	if err != nil || len(got) != 1 {
		t.Fatalf("%v, %v", got, err)
	}
	f := got[0]
	if f.ID != id || *f.Quality != 0.5 || f.Thumb != decisionlog.Down || f.Comment != `too "short"` || f.Time.IsZero() {
		t.Errorf("%+v", f)
	}
}

// TestFeedbackRefused sends what is no feedback. None of it reaches the log.
func TestFeedbackRefused(t *testing.T) {
	model := newFake(t, fine)
	p := start(t, model.URL, model.URL, nil)
	with := func(rest string) string { return `{"id": "` + someID + `"` + rest + `}` }
	for request, want := range map[string]string{
		`{`:                           "not valid JSON",
		`[1]`:                         "not a JSON object",
		`{}`:                          "32 hex digits",
		`{"id": 5, "quality": 1}`:     `\"id\": expected a string`,
		`{"id": "abc", "quality": 1}`: "32 hex digits",
		`{"id": "` + strings.ToUpper(someID) + `", "thumb": "up"}`: "32 hex digits",
		with(""):                             `expected \"quality\", a number, or \"thumb\"`,
		with(`, "quality": "1"`):             `\"quality\": expected a number`,
		with(`, "quality": 1e999`):           `\"quality\": expected a finite number`,
		with(`, "thumb": "sideways"`):        `\"thumb\": expected \"up\" or \"down\"`,
		with(`, "thumb": true`):              `\"thumb\": expected a string`,
		with(`, "qualtiy": 1`):               `unknown key \"qualtiy\"`,
		with(`, "Quality": 1`):               `another spelling of \"quality\"`,
		with(`, "quality": 1, "quality": 2`): `\"quality\" is given twice`,
		with(`, "thumb": "up", "comment": "` + strings.Repeat("é", 2001) + `"`): "at most 2000 characters",
	} {
		res, answer, _ := p.post(t, "/v1/feedback", request)
		if res.StatusCode != http.StatusBadRequest || !strings.Contains(answer, want) || !strings.Contains(answer, `"code":"invalid_feedback"`) {
			t.Errorf("%.60s: %d %s, expected %s", request, res.StatusCode, answer, want)
		}
	}
	res, answer, _ := p.post(t, "/v1/feedback", with(`, "thumb": "up", "comment": "`+strings.Repeat("x", maxFeedback)+`"`))
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %s", res.StatusCode, answer)
	}
	if raw, _ := os.ReadFile(p.path); len(raw) > 0 {
		t.Errorf("in the log: %s", raw)
	}
}

// TestFeedbackWithoutLog tells a client that nothing would be kept.
func TestFeedbackWithoutLog(t *testing.T) {
	h := NewHandler(settings(t, "http://a", "http://b"), Keys{}, nil, nil)
	s := newFake(t, h.ServeHTTP)
	res, err := http.Post(s.URL+"/v1/feedback", "application/json", strings.NewReader(`{"id": "`+someID+`", "thumb": "up"}`))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusNotImplemented {
		t.Errorf("status %d", res.StatusCode)
	}
}

// TestLoggedClient asks and gives feedback with keys. The log has the same digest for the same name,
// whatever its key, and neither name nor key.
func TestLoggedClient(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, []byte("team-a first-of-team-a\nteam-a second-of-team-a\nteam-b first-of-team-b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	model := newFake(t, fine)
	p := start(t, model.URL, model.URL, func(s *Settings) { s.APIKeyFile = path })
	post := func(address, request, key string) int {
		r, _ := http.NewRequest("POST", p.URL+address, strings.NewReader(request))
		r.Header.Set("Authorization", "Bearer "+key)
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	digests := map[string]bool{}
	for i, key := range []string{"first-of-team-a", "second-of-team-a", "first-of-team-b"} {
		if status := post("/v1/chat/completions", chat("routellm", easy), key); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		client := p.records(t, i+1)[i].Client
		if client == "" || digests[client] != (i == 1) {
			t.Errorf("%s: client %q", key, client)
		}
		digests[client] = true
	}
	thumb := `{"id": "` + someID + `", "thumb": "up"}`
	if status := post("/v1/feedback", thumb, "wrong"); status != http.StatusUnauthorized {
		t.Errorf("status %d without a key", status)
	}
	if status := post("/v1/feedback", thumb, "first-of-team-b"); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	raw, _ := os.ReadFile(p.path)
	if strings.Contains(string(raw), "team-") || !strings.Contains(string(raw), `"thumb":"up","client":"`) {
		t.Errorf("log:\n%s", raw)
	}
}

// TestFeedbackNotWritten fills the disk. The client is told that its feedback is lost, and the event
// log has one line.
func TestFeedbackNotWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.jsonl")
	records, err := decisionlog.Open(path, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	// After Close, the next line opens the file again.
	if err := errors.Join(records.Close(), os.Remove(path), os.Symlink("/dev/full", path)); err != nil {
		t.Skip("skipped:", err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("skipped: no /dev/full")
	}
	log := &buffer{}
	s := httptest.NewServer(NewHandler(settings(t, "http://a", "http://b"), Keys{}, slog.New(slog.NewTextHandler(log, nil)), records))
	defer s.Close()
	for range 3 {
		res, err := http.Post(s.URL+"/v1/feedback", "application/json", strings.NewReader(`{"id": "`+someID+`", "thumb": "up"}`))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("status %d", res.StatusCode)
		}
	}
	if strings.Count(log.String(), "feedback not written") != 1 {
		t.Errorf("event log:\n%s", log.String())
	}
}
