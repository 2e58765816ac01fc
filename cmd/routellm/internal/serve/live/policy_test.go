package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/results"
)

// rated asks a question, and rates the answer: the strong model's with 1, the weak model's with 1
// only if the question is short.
func (p *program) rated(t *testing.T, messages ...map[string]string) (answeredByStrong bool) {
	t.Helper()
	request, err := json.Marshal(map[string]any{"model": "routellm", "messages": messages})
	if err != nil {
		t.Fatal(err)
	}
	res, answer := p.post(t, "/v1/chat/completions", string(request))
	if res.StatusCode != http.StatusOK {
		t.Fatalf("status %d: %s", res.StatusCode, answer)
	}
	strong := res.Header.Get("X-Routellm-Model") == "big"
	quality := 0
	if strong || len(messages[0]["content"]) < shortQuestion {
		quality = 1
	}
	p.feedback(t, fmt.Sprintf(`{"id": %q, "quality": %d}`, res.Header.Get("X-Routellm-Id"), quality))
	return strong
}

const shortQuestion = 60 // characters

// asking returns a question with a number of characters of its own.
func asking(i int) map[string]string {
	text := fmt.Sprintf("%d: what may a tenant do", i)
	return map[string]string{"role": "user", "content": text + strings.Repeat("?", 20+i*80/exploring-len(text)+20)}
}

const exploring = 300 // number of questions

// evaluated returns what the decision log of a program tells.
func (p *program) evaluated(t *testing.T) *results.LogEvaluation {
	t.Helper()
	p.stop(t)
	dir := t.TempDir()
	tool(t, dir, 0, "log", p.log, "--out", "traffic.parquet")
	// The draws differ from run to run, so the intervals miss the truth in one run of 10,000.
	out := tool(t, dir, 0, "eval", "--log", filepath.Join(dir, "traffic.parquet"), "--confidence", "0.9999", "--resamples", "20000", "--threshold", "50,80", "--format", "json")
	d, err := results.ReadLogEvaluation([]byte(out))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestExplorationPays serves with exploration and takes feedback. The log tells what other
// thresholds would have done.
func TestExplorationPays(t *testing.T) {
	s := upstream(t, answers)
	p := serve(t, nil, "--router", "length", "--threshold", "80", "--explore", "0.4", "--strong", "big@"+s.URL+"/v1", "--weak", "small@"+s.URL+"/v1")
	short := 0
	for i := range exploring {
		q := asking(i)
		if p.rated(t, q); len(q["content"]) < shortQuestion {
			short++
		}
	}
	d := p.evaluated(t)
	if d.Decisions.Estimated != exploring || d.Decisions.Rated != exploring || d.Router != "length" {
		t.Fatalf("%+v of %q", d.Decisions, d.Router)
	}
	for _, x := range d.Thresholds {
		truth := 0.0
		for i := range exploring {
			n := len(asking(i)["content"])
			if n < shortQuestion || float64(n) >= x.Cut() {
				truth += 1.0 / exploring
			}
		}
		if !(float64(x.Quality.Lo) <= truth+1e-9 && truth-1e-9 <= float64(x.Quality.Hi)) {
			t.Errorf("threshold %v: quality %+v, the truth is %v", x.Threshold, x.Quality, truth)
		}
		if x.InForce != (x.Score == 80) {
			t.Errorf("threshold %v: in force %v", x.Threshold, x.InForce)
		}
	}
	if short == 0 || short == exploring {
		t.Fatalf("%d short questions", short)
	}
	for _, side := range []results.LoggedSide{d.Decisions.Strong, d.Decisions.Weak} {
		if side.AgainstScore == 0 {
			t.Errorf("no decision against the score: %+v", d.Decisions)
		}
	}
}

// TestExplorationOfConversations keeps conversations on their side: each is one decision.
func TestExplorationOfConversations(t *testing.T) {
	s := upstream(t, answers)
	p := serve(t, nil, "--router", "length", "--threshold", "80", "--explore", "0.4", "--sticky", "conversation", "--text", "last", "--strong", "big@"+s.URL+"/v1", "--weak", "small@"+s.URL+"/v1")
	const talks = 40
	for i := range talks {
		q := asking(i * exploring / talks)
		first := p.rated(t, q)
		again := p.rated(t, q, map[string]string{"role": "assistant", "content": "no"}, map[string]string{"role": "user", "content": "why"})
		if first != again {
			t.Errorf("conversation %d changes its side", i)
		}
	}
	d := p.evaluated(t)
	if x := d.Decisions; x.Requests != 2*talks || x.Conversations != talks || x.Estimated != talks || x.Begun != 0 {
		t.Errorf("%+v", x)
	}
}

// TestNoExploration serves without exploration: the log tells nothing of other thresholds.
func TestNoExploration(t *testing.T) {
	s := upstream(t, answers)
	p := serve(t, nil, "--router", "length", "--threshold", "80", "--strong", "big@"+s.URL+"/v1", "--weak", "small@"+s.URL+"/v1")
	for i := range 3 {
		p.rated(t, asking(i))
	}
	p.stop(t)
	dir := t.TempDir()
	tool(t, dir, 0, "log", p.log, "--out", "traffic.parquet")
	if out := tool(t, dir, 3, "eval", "--log", "traffic.parquet"); !strings.Contains(out, "hint: serve with explore: 0.05") {
		t.Errorf("says:\n%s", out)
	}
}
