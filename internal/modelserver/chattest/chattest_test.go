package chattest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// post asks the server, and returns the status and the body.
func post(t *testing.T, ctx context.Context, s *Server, model, prompt string) (int, string, error) {
	t.Helper()
	body := fmt.Sprintf(`{"model": %q, "messages": [{"role": "user", "content": %q}]}`, model, prompt)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/chat/completions", bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), err
}

// TestFaults checks what a client sees of each fault, and what the server counts.
func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		fault     *Fault
		status    int
		body      string // part of it
		broken    bool   // the client reads an error
		lost, own bool   // the answer was made and lost; it was delivered
	}{
		"429":       {TooMany(3), 429, "rate_limit_error", false, false, false},
		"500":       {Fails(500), 500, "api_error", false, false, false},
		"a text":    {&Fault{Name: "x", Status: 418, Body: "tea"}, 418, "tea", false, false, false},
		"drop":      {Drops(), 0, "", true, false, false},
		"cut":       {Cut(), 200, `{"choices"`, true, true, false},
		"half JSON": {HalfJSON(), 200, `{"choices"`, false, true, false},
		"HTML":      {HTML(), 200, "sign in", false, true, false},
		"inside":    {ErrorInside(502), 200, `{"error":{"code":502`, false, true, false},
		"slow":      {Slow(time.Millisecond), 200, `"content":"fine"`, false, false, true},
		"none":      {nil, 200, `"content":"fine"`, false, false, true},
	} {
		s := Start(t, Options{Models: map[string]Model{"m": Says("fine")}, Fault: Script(c.fault), Prices: map[string]Price{"m": {Output: 1e6}}})
		status, body, err := post(t, t.Context(), s, "m", "x")
		if status != c.status || !strings.Contains(body, c.body) || (err != nil) != c.broken {
			t.Errorf("%s: %d %q, %v", name, status, body, err)
		}
		if m := s.Stats().Models["m"]; (m.LostUSD == 1) != c.lost || (m.USD == 1) != c.own {
			t.Errorf("%s: %+v", name, m)
		}
		if s.Stats().Requests != 1 || s.Stats().Answers != map[bool]int{true: 1}[c.own] {
			t.Errorf("%s: %+v", name, s.Stats())
		}
		if _, _, err := post(t, t.Context(), s, "m", "x"); err != nil || s.Requests()[1].Attempt != 2 {
			t.Errorf("%s: the second attempt: %v", name, err)
		}
	}
}

func TestHang(t *testing.T) {
	s := Start(t, Options{Models: map[string]Model{"": Says("fine")}, Fault: First(1, Hangs())})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := post(t, ctx, s, "m", "x"); err == nil {
		t.Error("an answer from a server that hangs")
	}
	if status, _, err := post(t, t.Context(), s, "m", "x"); status != 200 || err != nil {
		t.Errorf("%d, %v", status, err)
	}
}

// TestErrorRate checks that a model errs at its rate, and in the same places each time.
func TestErrorRate(t *testing.T) {
	right, wrong := func(r Request) string { return "right" }, func(Request) string { return "wrong" }
	m := WrongAt(0.3, right, wrong)
	n := 0
	for i := range 2000 {
		r := Request{Model: "m", Messages: []Message{{"user", fmt.Sprint("question ", i)}}}
		first := m(r).Text
		seed := int64(i)
		r.Seed, r.System = &seed, "another setting"
		if again := m(r).Text; again != first {
			t.Fatalf("%q, then %q", first, again)
		}
		if first == "wrong" {
			n++
		}
	}
	if n < 540 || n > 660 { // 600 with a standard deviation of 20
		t.Errorf("%d of 2000 wrong, want about 600", n)
	}
}

func TestSchedules(t *testing.T) {
	f := Fails(500)
	count := func(schedule func(Request) *Fault) (n int) {
		for i := range 1000 {
			if schedule(Request{Number: i + 1, Attempt: 1 + i%2, Model: fmt.Sprint(i / 2)}) != nil {
				n++
			}
		}
		return n
	}
	if a, b, c, d := count(Each(10, f)), count(First(1, f)), count(Script(f, nil, f)), count(AtRate(0.2, f)); a != 100 || b != 500 || c != 2 || d < 150 || d > 250 {
		t.Errorf("%d, %d, %d, %d", a, b, c, d)
	}
	if n := count(AnyOf(Script(f), Script(nil, f))); n != 2 {
		t.Errorf("%d faults of two schedules", n)
	}
}

// TestRequestsThatAreRefused has what the real servers refuse.
func TestRequestsThatAreRefused(t *testing.T) {
	s := Start(t, Options{Models: map[string]Model{"": Says("x")}})
	base := strings.TrimSuffix(s.URL, "/v1")
	for body, want := range map[string]string{
		"/v1/chat/completions {":                                                                   "unexpected EOF",
		"/v1/chat/completions {}":                                                                  "messages: expected a list",
		`/v1/chat/completions {"messages": []}`:                                                    "messages: expected a list",
		`/v1/chat/completions {"messages": [{"role": "user", "content": 5}]}`:                      "content: expected a text",
		`/v1/chat/completions {"messages": [{"role": "user", "content": "a"}], "temperature": 3}`:  "temperature: 3 is not between",
		`/v1/chat/completions {"messages": [{"role": "user", "content": "a"}], "top_logprobs": 3}`: "only allowed with logprobs",
		`/v1/messages {"messages": [{"role": "user", "content": "a"}], "max_tokens": 5}`:           "anthropic-version",
		`/v2/x {}`: "no such address",
	} {
		path, sent, _ := strings.Cut(body, " ")
		res, err := http.Post(base+path, "application/json", strings.NewReader(sent))
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode < 400 || !strings.Contains(string(text), want) {
			t.Errorf("%s: %d %s, want %s", body, res.StatusCode, text, want)
		}
	}
	res, err := http.Get(base + "/stats")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var stats Stats
	if err := json.NewDecoder(res.Body).Decode(&stats); err != nil || stats.Answers != 0 {
		t.Errorf("%+v, %v", stats, err)
	}
}
