package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/routellm/routellm/results"
)

// tool runs the program in a folder and returns what it prints. The exit code has to be the given
// one.
func tool(t *testing.T, dir string, code int, args ...string) string {
	t.Helper()
	c := exec.Command(binary, args...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	if got := c.ProcessState.ExitCode(); got != code {
		t.Fatalf("%v: exit code %d, expected %d (%v):\n%s", args, got, code, err, out)
	}
	return string(out)
}

// questions are prompts whose scores differ.
func questions() []string {
	var out []string
	for _, verb := range []string{"Explain", "Prove", "Summarise", "Translate into French", "Write a program for", "Name three risks of"} {
		for _, what := range []string{"a sublease", "the harmonic series", "a leap second", "tides", "a hash table", "crop rotation", "the rule of 72", "sourdough", "an escrow account", "Bayes' theorem"} {
			out = append(out, verb+" "+what+", please.")
		}
	}
	return out
}

// askAll asks every question and returns the id of each answer.
func (p *program) askAll(t *testing.T) (ids []string) {
	t.Helper()
	for _, q := range questions() {
		request, _ := json.Marshal(map[string]any{"model": "routellm", "messages": []map[string]string{{"role": "user", "content": q}}})
		res, answer := p.post(t, "/v1/chat/completions", string(request))
		if res.StatusCode != http.StatusOK {
			t.Fatalf("status %d: %s", res.StatusCode, answer)
		}
		ids = append(ids, res.Header.Get("X-Routellm-Id"))
	}
	return ids
}

// stop ends the program as an operator does, so that its log is complete.
func (p *program) stop(t *testing.T) {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Fatalf("%v:\n%s", err, p.output())
	}
}

// strongCalls returns the number of records whose decision is the strong model.
func (p *program) strongCalls(t *testing.T) (n int) {
	t.Helper()
	for _, r := range p.records(t) {
		if r.Side == results.Strong {
			n++
		}
	}
	return n
}

// TestLoop serves with the default router, gives feedback, turns the log into a table, calibrates
// on it, and serves with the new threshold.
func TestLoop(t *testing.T) {
	s := upstream(t, answers)
	dir := t.TempDir()
	prices := filepath.Join(dir, "prices.csv")
	if err := os.WriteFile(prices, []byte("model,input,output\nbig,2.5,10\nsmall,0.1,0.4\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	models := []string{"--strong", "big@" + s.URL + "/v1", "--weak", "small@" + s.URL + "/v1"}

	first := serve(t, nil, append(models, "--strong-fraction", "30%", "--explore", "0.2", "--prices", prices)...)
	ids := first.askAll(t)
	for i, id := range ids[:30] {
		first.feedback(t, fmt.Sprintf(`{"id": %q, "quality": %v}`, id, float64(i%2)))
	}
	first.stop(t)
	if left := filepath.Dir(first.log); len(tool(t, dir, 0, "log", left, "--out", "early.parquet")) == 0 {
		t.Error("log prints nothing")
	}

	// The feedback comes after a restart.
	second := serve(t, nil, append(models, "--strong-fraction", "30%", "--log", first.log)...)
	second.feedback(t, fmt.Sprintf(`{"id": %q, "thumb": "up", "comment": "right"}`, ids[40]))
	second.feedback(t, fmt.Sprintf(`{"id": %q, "thumb": "down"}`, strings.Repeat("0", 32)))
	second.stop(t)

	out := tool(t, dir, 0, "log", first.log, "--out", "traffic.parquet", "--prices", prices)
	for _, want := range []string{"traffic.parquet: 60 rows", "32 lines of feedback on 32 requests; 1 of them is not", "always big, with the same tokens: 0.0018 USD"} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	tool(t, dir, 0, "log", first.log, "--by", "prompt", "--out", "prompts.parquet")

	// The table has the router's own scores, in both forms.
	for _, table := range []string{"traffic.parquet", "prompts.parquet"} {
		tool(t, dir, 0, "calibrate", "--router", "mf", "--strong-fraction", "0.3", "--check", table)
		tool(t, dir, 0, "calibrate", "--router", "mf", "--strong-fraction", "0.3", "--data", table, "--artifact", "mf.json")
		tool(t, dir, 0, "calibrate", "--from", "mf.json", "--drift", table)
		tool(t, dir, 0, "calibrate", "--router", "scores:"+table, "--strong-fraction", "0.3", "--artifact", "scores.json")
		tool(t, dir, 0, "calibrate", "--from", "scores.json", "--drift", table)
		tool(t, dir, 0, "audit", table)
	}
	if out := tool(t, dir, 2, "calibrate", "--router", "knn", "--strong-fraction", "0.3", "--check", "traffic.parquet"); !strings.Contains(out, `holds scores of the router "mf" with the model`) {
		t.Errorf("scores of another router:\n%s", out)
	}

	// The same questions again: exactly 30 % of them, 18 of 60, are strong calls.
	for _, artifact := range []string{"mf.json", "scores.json"} {
		p := serve(t, nil, append(models, "--artifact", filepath.Join(dir, artifact))...)
		p.askAll(t)
		p.stop(t)
		if n := p.strongCalls(t); n != 18 {
			t.Errorf("%s: %d strong calls, expected 18", artifact, n)
		}
	}
	refused := append([]string{"serve", "--check", "--router", "knn", "--artifact", "mf.json"}, models...)
	if out := tool(t, dir, 2, refused...); !strings.Contains(out, `was calibrated for the router "mf"`) {
		t.Errorf("an artifact of another router:\n%s", out)
	}
}

// feedback sends feedback, which has to be taken.
func (p *program) feedback(t *testing.T, request string) {
	t.Helper()
	if res, answer := p.post(t, "/v1/feedback", request); res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", request, res.StatusCode, answer)
	}
}
