package serve

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/prices"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
)

// tiered predicts that each further word of a prompt costs the small and the medium model quality.
// At the tests' lambda, 20, a prompt of one word goes to small, easy to medium and hard to large.
var tiered = Router{Name: "tiered", Predict: func(_ context.Context, _, text string) (quality, cost []float64, err error) {
	n := float64(len(strings.Fields(text)))
	return []float64{0.9, 0.9 - 0.02*n, 0.9 - 0.05*n}, []float64{0.01, 0.002, 0}, nil
}}

const short = "hello"

// servers are the models' servers of a pool.
type servers struct{ large, medium, small *fake }

func newServers(t testing.TB) servers {
	return servers{newFake(t, fine), newFake(t, fine), newFake(t, fine)}
}

// poolSettings returns the default settings with three upstreams.
func poolSettings(t testing.TB, s servers) Settings {
	t.Helper()
	set := Settings{Routers: []Router{tiered}, Policy: results.PoolPolicy{Axis: results.CostAxis, Lambda: 20, Mix: 1}}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	set.Add(flags)
	for _, u := range []string{"large=big-1@" + s.large.URL + "/v1", "medium=middle@" + s.medium.URL + "/v1", "small=tiny@" + s.small.URL + "/v1"} {
		if err := flags.Set("upstream", u); err != nil {
			t.Fatal(err)
		}
	}
	return set
}

// startPool starts a server in front of three upstreams.
func startPool(t testing.TB, s servers, change func(*Settings)) *proxied {
	t.Helper()
	set := poolSettings(t, s)
	if change != nil {
		change(&set)
	}
	return startWith(t, set)
}

// answeredBy posts a chat and returns the model that answered.
func (p *proxied) answeredBy(t testing.TB, model, text string) string {
	t.Helper()
	res, answer, err := p.post(t, "/v1/chat/completions", chat(model, text))
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v: %s", text, res.StatusCode, err, answer)
	}
	return res.Header.Get("X-Routellm-Model")
}

// TestPool sends prompts to the model that is worth most, under the name that its server knows.
func TestPool(t *testing.T) {
	s := newServers(t)
	p := startPool(t, s, func(set *Settings) {
		set.ModelPrices = prices.Table{"large": {Input: 10, Output: 30}, "medium": {Input: 1, Output: 2}, "small": {}}
	})
	for text, want := range map[string]string{short: "small", easy: "medium", hard: "large"} {
		if got := p.answeredBy(t, "routellm", text); got != want {
			t.Errorf("%q: %s, expected %s", text, got, want)
		}
	}
	for f, name := range map[*fake]string{s.large: "big-1", s.medium: "middle", s.small: "tiny"} {
		if _, body := f.last(t); !strings.Contains(body, `"model": "`+name+`"`) {
			t.Errorf("%s got %s", name, body)
		}
	}
	for _, r := range p.records(t, 3) {
		n := len(r.Models)
		if r.Side != "" || r.Answered != "" || r.AnsweredModel != r.Model || r.Reason != results.ReasonScore || r.Propensity != 1 || n != 3 || r.Lambda != 20 || r.Axis != results.CostAxis || r.Score.Exists() {
			t.Errorf("%+v", r)
		}
		if got := r.Of(r.Model); r.Model == "large" && (got.Quality != 0.9 || got.Cost != 0.01 || *r.CostUSD != (7*10+5*30)/1e6) {
			t.Errorf("%+v cost %v", got, *r.CostUSD)
		}
	}
	p.metric(t, `requests_total{decision="medium",endpoint="chat",router="tiered",status="200"}`, 1)
	p.metric(t, `cost_usd_total{side="large"}`, (7*10+5*30)/1e6)
	p.metric(t, `breaker_open{side="small"}`, 0)
}

// TestPoolRoute asks for the decision alone.
func TestPoolRoute(t *testing.T) {
	p := startPool(t, newServers(t), func(s *Settings) { s.DirectModels = true })
	for request, want := range map[string]string{
		`{"prompt": "` + short + `"}`: `{"router":"tiered","model":"small","score":null,"threshold":null,"axis":"cost","lambda":20,` +
			`"models":[{"model":"large","quality":0.9,"cost":0.01},{"model":"medium","quality":0.88,"cost":0.002},{"model":"small","quality":0.85,"cost":0}],"microseconds":`,
		chat("router-tiered-0", short):          `"model":"large","score":null,"threshold":null,"axis":"cost","lambda":0,`,
		chat("router-tiered-1e9", hard):         `"model":"small",`,
		chat("router-tiered--1", hard):          `"code":"model_not_found"`,
		chat("router-other-1", hard):            `or router-NAME-LAMBDA, where NAME is tiered`,
		chat("medium", hard):                    `{"router":"","model":"medium","score":null,"threshold":null,"axis":"cost","lambda":null,"microseconds":0}`,
		chat("middle", hard):                    `"code":"model_not_found"`,
		`{"model": "routellm", "messages": []}`: `"model":"large",`,
	} {
		if _, answer, _ := p.post(t, "/v1/route", request); !strings.Contains(answer, want) {
			t.Errorf("%s: %s, expected %s", request, answer, want)
		}
	}
	for _, name := range p.server.state.Load().models() {
		if res, _, _ := p.post(t, "/v1/route", chat(name, easy)); res.StatusCode != 200 {
			t.Errorf("the listed model %s cannot be used", name)
		}
	}
	if names := p.server.state.Load().models(); !reflect.DeepEqual(names, []string{"routellm", "router-tiered-20", "large", "medium", "small"}) {
		t.Errorf("%q", names)
	}
}

// TestPoolLambdas bounds the lambdas that clients may ask for.
func TestPoolLambdas(t *testing.T) {
	p := startPool(t, newServers(t), func(s *Settings) { _ = s.ClientLambdas.Set("5..50") })
	for model, want := range map[string]int{"router-tiered-5": 200, "router-tiered-50": 200, "router-tiered-4": 403, "router-tiered-51": 403} {
		res, answer, _ := p.post(t, "/v1/chat/completions", chat(model, easy))
		if res.StatusCode != want || want == 403 && !strings.Contains(answer, `"code":"lambda_not_allowed"`) {
			t.Errorf("%s: status %d, %s", model, res.StatusCode, answer)
		}
	}
}

// TestPoolAlways has one model answer every prompt, and others only where it fails.
func TestPoolAlways(t *testing.T) {
	s := newServers(t)
	p := startPool(t, s, func(set *Settings) {
		set.Policy, set.Fallback = results.PoolPolicy{Axis: results.CostAxis, Lambda: results.Missing, Mix: results.Missing, Always: "medium"}, true
	})
	for _, text := range []string{short, hard} {
		if got := p.answeredBy(t, "routellm", text); got != "medium" {
			t.Errorf("%s answers", got)
		}
	}
	s.medium.Close()
	if got := p.answeredBy(t, "routellm", short); got != "large" {
		t.Errorf("%s answers in place of medium, expected the one with the highest predicted quality", got)
	}
}

// TestPoolMix deals equally good models by a digest of the prompt.
func TestPoolMix(t *testing.T) {
	p := startPool(t, newServers(t), func(s *Settings) {
		s.Policy.Mix = 0.5
		s.Routers = []Router{{Name: "tied", Predict: func(context.Context, string, string) (quality, cost []float64, err error) {
			return []float64{0.5, 0.3, 0.3}, []float64{0.01, 0.01, 0}, nil // large and small are worth 0.3
		}}}
	})
	seen := map[string]int{}
	for i := range 20 {
		text := fmt.Sprintf("question %d", i)
		digest := sha256.Sum256([]byte(text))
		want := "small"
		if pool.Draw(digest[:]) < 0.5 {
			want = "large"
		}
		for range 2 {
			got := p.answeredBy(t, "routellm", text)
			if seen[got]++; got != want {
				t.Errorf("%q: %s, expected %s", text, got, want)
			}
		}
	}
	if len(seen) != 2 {
		t.Errorf("%v", seen)
	}
}

// TestPoolFallback asks the others by falling value.
func TestPoolFallback(t *testing.T) {
	broken := func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"error": {"message": "down"}}`, http.StatusInternalServerError)
	}
	s := servers{newFake(t, fine), newFake(t, broken), newFake(t, broken)}
	p := startPool(t, s, func(set *Settings) { set.Fallback = true })
	if got := p.answeredBy(t, "routellm", short); got != "large" { // small 0.85, medium 0.84, large 0.7
		t.Errorf("%s answers", got)
	}
	if s.small.count() != 1 || s.medium.count() != 1 {
		t.Errorf("small got %d requests and medium %d, expected one each", s.small.count(), s.medium.count())
	}
	r := p.records(t, 1)[0]
	if r.Model != "small" || r.AnsweredModel != "large" || !r.Fallback || r.Error != "server_error" {
		t.Errorf("%+v", r)
	}
	p.metric(t, `fallbacks_total{from="small"}`, 1)
	p.metric(t, `upstream_errors_total{kind="server_error",side="medium"}`, 1)

	if got := p.answeredBy(t, "routellm", easy); got != "large" || s.small.count() != 1 { // medium 0.78, large and small 0.7: the most expensive one first
		t.Errorf("%s answers, small got %d requests", got, s.small.count())
	}
}

// TestPoolAllFail gives the client the first answer that there is.
func TestPoolAllFail(t *testing.T) {
	failing := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, `{"error": {"message": "no"}}`, status) }
	}
	s := servers{newFake(t, failing(503)), newFake(t, failing(500)), newFake(t, fine)}
	s.small.Close()
	p := startPool(t, s, func(set *Settings) { set.Fallback = true })
	res, _, _ := p.post(t, "/v1/chat/completions", chat("routellm", short))
	if res.StatusCode != 500 || res.Header.Get("X-Routellm-Model") != "medium" {
		t.Errorf("status %d of %s", res.StatusCode, res.Header.Get("X-Routellm-Model"))
	}
	if r := p.records(t, 1)[0]; r.Error != "connect" || r.AnsweredModel != "medium" || !r.Fallback {
		t.Errorf("%+v", r)
	}
}

// TestPoolDown keeps requests from a model whose breaker is open, without fallback.
func TestPoolDown(t *testing.T) {
	s := newServers(t)
	p := startPool(t, s, func(set *Settings) { set.BreakerFailures = 1 })
	s.small.Close()
	if res, _, _ := p.post(t, "/v1/chat/completions", chat("routellm", short)); res.StatusCode != 502 {
		t.Errorf("status %d", res.StatusCode)
	}
	if got := p.answeredBy(t, "routellm", short); got != "medium" {
		t.Errorf("%s answers in place of small", got)
	}
	if r := p.records(t, 2)[1]; r.Reason != results.ReasonDown || r.Model != "medium" || r.Fallback || r.Propensity != 1 {
		t.Errorf("%+v", r)
	}
	p.metric(t, `breaker_open{side="small"}`, 1)
	_, ready := p.get(t, "/ready")
	if want := `{"status":"ready","upstreams":[{"upstream":1,"breaker":"closed"},{"upstream":2,"breaker":"closed"},{"upstream":3,"breaker":"open"}]}`; strings.TrimSpace(ready) != want {
		t.Errorf("/ready says %s, expected %s", ready, want)
	}
	s.large.Close()
	s.medium.Close()
	for range 2 {
		_, _, _ = p.post(t, "/v1/chat/completions", chat("routellm", hard))
	}
	if status, _ := p.get(t, "/ready"); status != 503 {
		t.Errorf("/ready is %d with no model up", status)
	}
}

// get asks for an address and returns the status and the answer.
func (p *proxied) get(t testing.TB, path string) (int, string) {
	t.Helper()
	res, err := p.Client().Get(p.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(raw)
}

// TestPoolLimits sends requests to the most valuable model that can take them.
func TestPoolLimits(t *testing.T) {
	s := newServers(t)
	p := startPool(t, s, func(set *Settings) {
		set.Pool.All[2].Tools = false
		set.Pool.All[2].MaxChars = 200
		set.Pool.All[1].APIs = []string{"anthropic", "openai"}
	})
	tools := `{"model": "routellm", "tools": [{"type": "function", "function": {"name": "f"}}], "messages": [{"role": "user", "content": "` + short + `"}]}`
	for name, x := range map[string]struct {
		path, request, want string
		reason              results.Reason
	}{
		"tools":     {"/v1/chat/completions", tools, "medium", results.ReasonTools},
		"long":      {"/v1/chat/completions", chat("routellm", strings.Repeat("x", 201)), "medium", results.ReasonMaxChars},
		"anthropic": {"/v1/messages", chat("routellm", hard), "medium", results.ReasonAPI},
	} {
		res, _, _ := p.post(t, x.path, x.request)
		if got := res.Header.Get("X-Routellm-Model"); got != x.want {
			t.Errorf("%s: %s, expected %s", name, got, x.want)
		}
	}
	for _, r := range p.records(t, 3) {
		if r.Reason != results.ReasonTools && r.Reason != results.ReasonMaxChars && r.Reason != results.ReasonAPI {
			t.Errorf("%+v", r)
		}
	}
	p.metric(t, `limited_total{reason="tools",side="small"}`, 1)
	p.metric(t, `limited_total{reason="api",side="large"}`, 1)
}

// TestPoolExplores draws among the models that can take the request, with known propensities.
func TestPoolExplores(t *testing.T) {
	const n = 60
	p := startPool(t, newServers(t), func(s *Settings) {
		s.Explore, s.Pool.All[0].Tools = 0.6, false
	})
	tools := `{"model": "routellm", "tools": [{"type": "function", "function": {"name": "f"}}], "messages": [{"role": "user", "content": "%s %d"}]}`
	for i := range n {
		p.answeredBy(t, "routellm", short)
		_, _, _ = p.post(t, "/v1/chat/completions", fmt.Sprintf(tools, strings.Repeat("word ", 20), i))
	}
	explored := map[string]int{}
	for _, r := range p.records(t, 2*n) {
		greedy, among := "small", 3.0
		if r.Chars > 10 {
			greedy, among = "medium", 2
		}
		want := 0.6 / among
		if r.Model == greedy {
			want = 1 - 0.6*(among-1)/among
		}
		if math.Abs(r.Propensity-want) > 1e-12 || r.Explored != (r.Reason == results.ReasonExplore) || among == 2 && r.Model == "large" {
			t.Errorf("%+v, expected propensity %v", r, want)
		}
		if r.Explored {
			explored[r.Model]++
		}
	}
	if len(explored) != 3 {
		t.Errorf("explored %v", explored)
	}
}

// TestPoolSticks keeps a conversation with its model until a turn calls for a better one.
func TestPoolSticks(t *testing.T) {
	s := newServers(t)
	p := startPool(t, s, func(set *Settings) { sticky(set); set.Text = "last" })
	talk := func(turns ...string) string {
		var messages []string
		for i, text := range turns {
			if i > 0 {
				messages = append(messages, `{"role": "assistant", "content": "yes"}`)
			}
			messages = append(messages, fmt.Sprintf(`{"role": "user", "content": %q}`, text))
		}
		res, answer, _ := p.post(t, "/v1/chat/completions", `{"model": "routellm", "messages": [`+strings.Join(messages, ",")+`]}`)
		if res.StatusCode != 200 {
			t.Fatal(answer)
		}
		return res.Header.Get("X-Routellm-Model")
	}
	var got []string
	got = append(got, talk(easy), talk(easy, short), talk(easy, short, hard), talk(easy, short, hard, short))
	if want := []string{"medium", "medium", "large", "large"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, expected %v", got, want)
	}
	var reasons []results.Reason
	for _, r := range p.records(t, 4) {
		reasons = append(reasons, r.Reason)
	}
	if want := []results.Reason{"score", "sticky", "escalated", "sticky"}; !reflect.DeepEqual(reasons, want) {
		t.Errorf("%v, expected %v", reasons, want)
	}
	p.metric(t, "escalations_total", 1)
}

// TestPoolMargin moves a conversation only for a model that is worth more by the margin.
func TestPoolMargin(t *testing.T) {
	f := &forecast{always: -1, quality: []float64{0.9, 0.8, 0.5}, cost: []float64{0.01, 0.005, 0}}
	f.Lambda = 10 // worth 0.8, 0.75, 0.5
	for _, x := range []struct {
		from   int
		margin float64
		takes  func(int) bool
		want   int
	}{
		{2, 0, anyOf, 0}, {1, 0, anyOf, 0}, {1, 0.06, anyOf, 1}, {2, 0.06, anyOf, 0}, {0, 0, anyOf, 0},
		{2, math.Inf(1), anyOf, 2}, {2, 0, func(i int) bool { return i != 0 }, 1}, {2, 0, func(int) bool { return false }, 2},
	} {
		if got := f.rise(x.from, x.margin, x.takes); got != x.want {
			t.Errorf("from %d with margin %v: %d, expected %d", x.from, x.margin, got, x.want)
		}
	}
	f.quality = []float64{0.5, 0.9, 0.9} // the cheapest is worth most, and no worse than medium
	if got := f.rise(1, 0, anyOf); got != 1 {
		t.Errorf("a conversation moves to %d, which is only cheaper", got)
	}
	if got := f.rise(0, 0, anyOf); got != 2 {
		t.Errorf("a conversation moves to %d, expected the better and cheaper one", got)
	}
}

// TestPoolReload reorders, removes and adds models under conversations and answers.
func TestPoolReload(t *testing.T) {
	s := newServers(t)
	p := startPool(t, s, sticky)
	named := func(client, text string) string {
		return fmt.Sprintf(`{"model": "routellm", "prompt_cache_key": %q, "messages": [{"role": "user", "content": %q}]}`, client, text)
	}
	ask := func(client, text string) string {
		res, answer, _ := p.post(t, "/v1/chat/completions", named(client, text))
		if res.StatusCode != 200 {
			t.Fatal(answer)
		}
		return res.Header.Get("X-Routellm-Model")
	}
	if a, b := ask("a", easy), ask("b", short); a != "medium" || b != "small" {
		t.Fatal(a, b)
	}
	set := p.server.state.Load().Settings
	all := set.Pool.All
	reverse := func(order ...int) Router {
		return Router{Name: "tiered", Predict: func(ctx context.Context, id, text string) (quality, cost []float64, err error) {
			q, k, err := tiered.Predict(ctx, id, text)
			for _, i := range order {
				quality, cost = append(quality, q[i]), append(cost, k[i])
			}
			return quality, cost, err
		}}
	}
	set.Pool.All, set.Routers = append(all[1:1:1], all[1], all[0]), []Router{reverse(1, 0)} // without small
	if err := p.server.Reload(set); err != nil {
		t.Fatal(err)
	}
	if a, b := ask("a", short), ask("b", hard); a != "medium" || b != "large" {
		t.Errorf("%s and %s, expected the conversation to stay and the other to begin anew", a, b)
	}
	p.metric(t, `breaker_open{side="medium"}`, 0)
	if _, text := p.get(t, "/metrics"); strings.Contains(text, `breaker_open{side="small"}`) {
		t.Error("the metrics have the breaker of a model that is gone")
	}
}

// TestPoolWithoutPredictions has the default model answer, and the next one where that is down.
func TestPoolWithoutPredictions(t *testing.T) {
	s := newServers(t)
	wrong := func(quality, cost []float64, err error) func(*Settings) {
		return func(set *Settings) {
			set.DefaultModel = "medium"
			set.Routers = []Router{{Name: "odd", Predict: func(context.Context, string, string) ([]float64, []float64, error) { return quality, cost, err }}}
		}
	}
	for name, change := range map[string]func(*Settings){
		"an error": wrong(nil, nil, io.ErrUnexpectedEOF),
		"too few":  wrong([]float64{1}, []float64{1}, nil),
		"NaN":      wrong([]float64{1, math.NaN(), 1}, []float64{1, 1, 1}, nil),
		"negative": wrong([]float64{1, 1, 1}, []float64{1, -1, 1}, nil),
		"no cost":  wrong([]float64{1, 1, 1}, nil, nil),
		"a panic": func(set *Settings) {
			wrong(nil, nil, nil)(set)
			set.Routers[0].Predict = func(context.Context, string, string) ([]float64, []float64, error) { panic(easy) }
		},
	} {
		p := startPool(t, s, change)
		if got := p.answeredBy(t, "routellm", easy); got != "medium" {
			t.Errorf("%s: %s answers", name, got)
		}
		if r := p.records(t, 1)[0]; r.Reason != results.ReasonDefault || r.Models != nil || r.Lambda != 20 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	p := startPool(t, newServers(t), func(set *Settings) {
		set.DefaultModel = "small"
		set.BreakerFailures = 1
		set.Pool.All[2].URL.Host = "127.0.0.1:1"
	})
	for _, want := range []int{502, 200} {
		if res, _, _ := p.post(t, "/v1/chat/completions", `{"model": "routellm", "messages": []}`); res.StatusCode != want {
			t.Errorf("status %d, expected %d", res.StatusCode, want)
		}
	}
}

// TestPoolAnswersStay sends what continues an answer to the model that made it.
func TestPoolAnswersStay(t *testing.T) {
	made := func(id string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"id": %q, "object": "response", "output": []}`, id)
		}
	}
	s := servers{newFake(t, made("resp_large")), newFake(t, made("resp_medium")), newFake(t, made("resp_small"))}
	p := startPool(t, s, func(set *Settings) { set.Embeddings = "small" })
	if _, answer, _ := p.post(t, "/v1/responses", `{"model": "routellm", "input": "`+easy+`"}`); !strings.Contains(answer, "resp_medium") {
		t.Fatal(answer)
	}
	if _, answer, _ := p.post(t, "/v1/responses", `{"model": "routellm", "previous_response_id": "resp_medium", "input": "`+hard+`"}`); !strings.Contains(answer, "resp_medium") {
		t.Error(answer)
	}
	if r := p.records(t, 2)[1]; r.Reason != results.ReasonBound || r.Model != "medium" {
		t.Errorf("%+v", r)
	}
	if _, answer, _ := p.post(t, "/v1/embeddings", `{"model": "e", "input": "x"}`); !strings.Contains(answer, "resp_small") {
		t.Error(answer)
	}
}
