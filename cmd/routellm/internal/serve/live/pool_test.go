package live

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// member is a model's server whose behaviour can change.
type member struct {
	url   string
	count atomic.Int64
	mode  atomic.Value // "fine", "slow", "failing"
}

func newMember(t *testing.T) *member {
	m := &member{}
	m.mode.Store("fine")
	m.url = upstream(t, func(w http.ResponseWriter, r *http.Request) {
		m.count.Add(1)
		switch m.mode.Load() {
		case "slow":
			_, _ = io.Copy(io.Discard, r.Body)
			select {
			case <-r.Context().Done():
			case <-time.After(20 * time.Second):
			}
		case "failing":
			http.Error(w, `{"error": {"message": "out of order"}}`, http.StatusInternalServerError)
			return
		}
		answers(w, r)
	}).URL
	return m
}

// pool is a program between three models' servers.
type pool struct {
	*program
	dir                  string
	large, medium, small *member
	config               string
}

// servePool trains a router among three models, writes its policy and serves it.
func servePool(t *testing.T, lambda float64, settings string) *pool {
	t.Helper()
	p := &pool{dir: t.TempDir(), large: newMember(t), medium: newMember(t), small: newMember(t)}
	rows := "prompt,quality:large,quality:medium,quality:small,cost:large,cost:medium,cost:small\n"
	for i := range 24 {
		rows += fmt.Sprintf("how is rent %d paid,1,%d,%d,0.01,0.002,0.0001\n", i, i%2, i%3/2)
	}
	write(t, filepath.Join(p.dir, "pool.csv"), rows)
	tool(t, p.dir, 0, "train", "cluster", "--data", "pool.csv", "--out", "pool.st", "--resamples", "0")
	p.artifact(t, lambda)
	p.config = filepath.Join(p.dir, "serve.yaml")
	p.settings(t, fmt.Sprintf("large: {url: %q, name: big-1}, medium: {url: %q, tools: false}, small: %q", p.large.url+"/v1", p.medium.url+"/v1", p.small.url+"/v1"), settings)
	p.program = serveAs(t, func(*exec.Cmd) {}, nil, "--config", p.config)
	return p
}

// artifact writes the policy of the router at a lambda.
func (p *pool) artifact(t *testing.T, lambda float64) {
	t.Helper()
	r, err := harness.OpenPredictor("cluster:"+filepath.Join(p.dir, "pool.st"), harness.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a := &results.Artifact{Kind: results.ArtifactKind, SchemaVersion: results.SchemaVersion, Threshold: results.Threshold{Score: results.Missing}}
	if a.Router, err = harness.IdentityOfPredictor(r); err != nil {
		t.Fatal(err)
	}
	a.Pool = &results.PoolPolicy{
		Axis: results.CostAxis, Lambda: results.Value(lambda), Mix: 1,
		Models: []results.PolicyModel{{Name: "large", Cost: 0.01}, {Name: "medium", Cost: 0.002}, {Name: "small", Cost: 0.0001}},
	}
	f, err := os.Create(filepath.Join(p.dir, "pool.json"))
	if err == nil {
		err = a.Write(f)
	}
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
}

// settings writes the file of settings.
func (p *pool) settings(t *testing.T, upstreams, more string) {
	t.Helper()
	write(t, p.config, fmt.Sprintf("artifact: %q\nupstreams: {%s}\n%s\n", filepath.Join(p.dir, "pool.json"), upstreams, more))
}

// order asks for a decision and returns the models by falling value, as its numbers say.
func (p *pool) order(t *testing.T, request string) []string {
	t.Helper()
	res, answer := p.post(t, "/v1/route", request)
	var d results.Decision
	if err := json.Unmarshal([]byte(answer), &d); err != nil || res.StatusCode != http.StatusOK || d.PoolDecision == nil || len(d.Models) != 3 {
		t.Fatalf("status %d, %s, %v", res.StatusCode, answer, err)
	}
	value := func(m results.Predicted) float64 { return float64(m.Quality) - float64(d.Lambda)*float64(m.Cost) }
	slices.SortStableFunc(d.Models, func(a, b results.Predicted) int { return cmp.Compare(value(b), value(a)) })
	if d.Models[0].Model != d.Model {
		t.Errorf("%s chooses %s, expected %s", answer, d.Model, d.Models[0].Model)
	}
	names := make([]string, len(d.Models))
	for i, m := range d.Models {
		names[i] = m.Model
	}
	return names
}

// of returns the server of a model.
func (p *pool) of(model string) *member {
	return map[string]*member{"large": p.large, "medium": p.medium, "small": p.small}[model]
}

// answeredBy asks a question and returns the model that answered.
func (p *pool) answeredBy(t *testing.T, request string) string {
	t.Helper()
	res, answer := p.post(t, "/v1/chat/completions", request)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("status %d: %s", res.StatusCode, answer)
	}
	return res.Header.Get("X-Routellm-Model")
}

// rent is a question like those that the router learned from.
const rent = `{"model": "routellm", "messages": [{"role": "user", "content": "how is rent 7 paid"}]}`

// TestPoolOfServers has servers of a pool fail in turn: the others answer by falling value.
func TestPoolOfServers(t *testing.T) {
	p := servePool(t, 100, "fallback: true\nheader_timeout: 300ms\nbreaker_failures: 2\nbreaker_cooldown: 1h")
	order := p.order(t, rent)
	if got := p.answeredBy(t, rent); got != order[0] {
		t.Fatalf("%s answers, expected %s", got, order[0])
	}
	p.of(order[0]).mode.Store("slow")
	p.of(order[1]).mode.Store("failing")
	if got := p.answeredBy(t, rent); got != order[2] {
		t.Errorf("%s answers, expected the last of %v", got, order)
	}
	if got := p.answeredBy(t, rent); got != order[2] {
		t.Errorf("%s answers, expected the last of %v", got, order)
	}
	before := p.of(order[0]).count.Load()
	p.of(order[1]).mode.Store("fine")
	if got := p.answeredBy(t, rent); got != order[1] { // the breaker of the first one is open
		t.Errorf("%s answers, expected the second of %v", got, order)
	}
	if p.of(order[0]).count.Load() != before {
		t.Error("a model with an open breaker got a request")
	}
	all := p.logged(t, 4)
	if r := all[1]; r.Model != order[0] || r.AnsweredModel != order[2] || r.Error != "header_timeout" || !r.Fallback || r.Reason != results.ReasonScore {
		t.Errorf("%+v", r)
	}
	if r := all[3]; r.Model != order[1] || r.AnsweredModel != order[1] || r.Reason != results.ReasonDown || r.Fallback {
		t.Errorf("%+v", r)
	}
	_, text := p.get(t, "/metrics")
	for _, want := range []string{
		fmt.Sprintf(`routellm_breaker_open{side=%q} 1`, order[0]), fmt.Sprintf(`routellm_fallbacks_total{from=%q} 2`, order[0]),
		fmt.Sprintf(`routellm_upstream_errors_total{kind="server_error",side=%q} 2`, order[1]),
		fmt.Sprintf(`routellm_requests_total{decision=%q,endpoint="chat",router="pool",status="200"} 3`, order[0]),
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if _, ready := p.get(t, "/ready"); strings.Count(ready, `"upstream":`) != 3 || strings.Contains(ready, "large") || strings.Count(ready, `"breaker":"open"`) != 1 {
		t.Errorf("/ready says %s", ready)
	}
}

// TestPoolOfAbilities keeps requests with tools from the model that takes none.
func TestPoolOfAbilities(t *testing.T) {
	p := servePool(t, 1e9, "direct_models: true") // the cheapest one
	if got := p.answeredBy(t, rent); got != "small" {
		t.Errorf("%s answers", got)
	}
	tools := strings.Replace(rent, `{`, `{"tools": [{"type": "function", "function": {"name": "f"}}], `, 1)
	for lambda, want := range map[string]string{"60": "", "0": "large"} {
		request := strings.Replace(tools, "routellm", "router-pool-"+lambda, 1)
		if got := p.answeredBy(t, request); got == "medium" || want != "" && got != want {
			t.Errorf("lambda %s: %s answers a request with tools", lambda, got)
		}
	}
	if got := p.answeredBy(t, strings.Replace(rent, "routellm", "medium", 1)); got != "medium" {
		t.Errorf("%s answers in place of the model that was asked for", got)
	}
	if p.medium.count.Load() != 1 {
		t.Errorf("medium got %d requests, expected the one for it", p.medium.count.Load())
	}
}

// TestPoolReloads reorders and removes models while conversations go on.
func TestPoolReloads(t *testing.T) {
	p := servePool(t, 1e9, "sticky: conversation\nsticky_margin: inf\ntext: last")
	talk := `{"model": "routellm", "prompt_cache_key": "k", "messages": [{"role": "user", "content": "how is rent 7 paid"}]}`
	if got := p.answeredBy(t, talk); got != "small" {
		t.Fatalf("%s answers", got)
	}
	p.artifact(t, 0)
	p.settings(t, fmt.Sprintf("small: %q, large: %q", p.small.url+"/v1", p.large.url+"/v1"), "unserved: medium\nsticky: conversation\nsticky_margin: inf\ntext: last")
	p.reload(t, "msg=reloaded")
	if got := p.answeredBy(t, talk); got != "small" {
		t.Errorf("the conversation moves to %s", got)
	}
	if got := p.answeredBy(t, rent); got != "large" {
		t.Errorf("%s answers at the new lambda", got)
	}
	p.says(t, `also chooses medium,`, 1)
	p.settings(t, fmt.Sprintf("large: %q", p.large.url+"/v1"), "unserved: medium")
	p.reload(t, "the old settings stay in force") // small is missing
	p.settings(t, fmt.Sprintf("large: %q", p.large.url+"/v1"), "unserved: [medium, small]\nsticky: conversation")
	p.reload(t, "msg=reloaded")
	if got := p.answeredBy(t, talk); got != "large" {
		t.Errorf("%s answers a conversation whose model is gone", got)
	}
}

// TestPoolLogs converts the log of a pool, which other commands refuse in one sentence.
func TestPoolLogs(t *testing.T) {
	p := servePool(t, 100, "explore: 0.5")
	for i := range 12 {
		p.answeredBy(t, strings.Replace(rent, "rent 7", fmt.Sprintf("rent %d", i), 1))
	}
	for _, r := range p.logged(t, 12) {
		if r.Side != "" || len(r.Models) != 3 || !(r.Propensity > 0 && r.Propensity < 1) || r.Lambda != 100 {
			t.Errorf("%+v", r)
		}
	}
	p.stop(t)
	if out := tool(t, p.dir, 0, "log", p.log, "--out", "traffic.parquet"); !strings.Contains(out, "12 rows") {
		t.Errorf("says:\n%s", out)
	}
	out := strings.Join(strings.Fields(tool(t, p.dir, 2, "eval", "--log", "traffic.parquet")), " ")
	if !strings.Contains(out, `"traffic.parquet": holds decisions among several models`) {
		t.Errorf("says:\n%s", out)
	}
	out = tool(t, p.dir, 2, "calibrate", "--router", "cluster:pool.st", "--data", "traffic.parquet", "--strong-fraction", "0.3")
	if !strings.Contains(out, `the router chooses among several models and has no scores without a pair`) {
		t.Errorf("says:\n%s", out)
	}
}
