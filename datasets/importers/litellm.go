package importers

import (
	"cmp"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/internal/text"
)

// liteLLM reads the spend logs of LiteLLM's proxy: calls that nobody graded.
func liteLLM() Tool {
	return Tool{
		Name: "litellm", Title: "LiteLLM", Gives: Calls, Uses: []string{"text", "prices", "skip-bad"},
		Files:   "spend logs as JSON Lines, JSON, CSV or Parquet: the table LiteLLM_SpendLogs",
		Reads:   "prompt, model, cost, tokens and latency of each call: traffic for calibrate --strong-fraction and --drift, and prices",
		Leaves:  "failures, answers from the cache, embeddings and other calls; from the prompts, calls whose messages are not stored",
		Example: "routellm datasets import litellm spend_logs.jsonl --out traffic.parquet --prices prices.csv",
		kinds:   []kind{{name: "log", match: isLiteLLM}},
		read:    readLiteLLM,
	}
}

func isLiteLLM(p *peek) bool {
	return p.table("request_id", "call_type", "spend", "startTime")
}

var liteColumns = []string{
	"request_id", "call_type", "spend", "prompt_tokens", "completion_tokens", "startTime", "endTime", "request_duration_ms",
	"model", "model_group", "cache_hit", "messages", "proxy_server_request", "status", "metadata",
}

func readLiteLLM(in *input, out *Output) error {
	in.Notef("spend logs have no grades: they are traffic, for calibrate --strong-fraction and --drift, and prices")
	l := lite{in: in, out: out, rows: map[string]int{}}
	for _, f := range in.of("log") {
		if err := in.scan(f, liteColumns, l.row); err != nil {
			return err
		}
	}
	if l.cut > 0 {
		in.Notef("LiteLLM stored %s cut: the end is missing", text.Plural(l.cut, "prompt"))
	}
	if l.prompts == 0 {
		in.Notef("LiteLLM stored no messages: only prices come out; store_prompts_in_spend_logs in its configuration stores them")
	}
	out.Prices = pricesOf(out.Traffic)
	return nil
}

type lite struct {
	in           *input
	out          *Output
	rows         map[string]int // row of each request
	prompts, cut int
}

// row keeps a call, or counts why it is left out.
func (l *lite) row(r tableRow) error {
	if why := liteUnwanted(r); why != "" {
		l.in.leave(1, why)
		return nil
	}
	q := Request{ID: r.text("request_id"), Model: r.text("model_group", "model")}
	switch {
	case q.Model == "":
		return l.in.skip(r.bad("model", "", "the name of a model"))
	case l.rows[q.ID] > 0:
		l.in.leave(1, "repeated request")
		return nil
	}
	err := r.fill(of(&q.CostUSD, "spend"), of(&q.InputTokens, "prompt_tokens"), of(&q.OutputTokens, "completion_tokens"), of(&q.LatencyS, "request_duration_ms"))
	if err != nil {
		return l.in.skip(err)
	}
	if q.LatencyS /= 1000; q.LatencyS != q.LatencyS {
		q.LatencyS = seconds(r.text("startTime"), r.text("endTime"))
	}
	if q.Prompt, err = litePrompt(r, l.in.Text); err != nil {
		return l.in.skip(err)
	}
	if q.Prompt == "" {
		l.in.leave(1, "messageless call")
	} else {
		l.prompts++
	}
	if strings.Contains(q.Prompt, "litellm_truncated") {
		l.cut++
	}
	l.rows[q.ID] = r.row
	l.out.Traffic = append(l.out.Traffic, q)
	return nil
}

// liteUnwanted returns what a row is if it is no answer of a model to a prompt, "" if it is one.
func liteUnwanted(r tableRow) string {
	call := strings.ToLower(r.text("call_type"))
	status := cmp.Or(r.text("status"), r.json("metadata").Get("status").String())
	switch {
	case strings.EqualFold(status, "failure"):
		return "failure"
	case r.bool("cache_hit"):
		return "cached answer"
	case strings.Contains(call, "embedding"):
		return "embedding"
	case call == "", strings.Contains(call, "completion"), strings.Contains(call, "responses"), strings.Contains(call, "messages"),
		strings.Contains(call, "generate_content"):
		return ""
	}
	return "other call"
}

// litePrompt returns the prompt of a call; "" if it is not stored. Newer releases store the whole
// request instead of the messages.
func litePrompt(r tableRow, mode prompttext.Mode) (string, error) {
	if text := r.text("messages"); text != "" && text != "{}" && text != "[]" && !redacted(text) {
		return r.prompt(mode, "messages")
	}
	request := r.json("proxy_server_request")
	if body := request.Get("body"); body.IsObject() {
		request = body
	}
	for _, key := range []string{"messages", "input", "prompt", "contents"} {
		v := request.Get(key)
		switch {
		case redacted(v.Raw):
		case v.Type == gjson.String && v.Str != "":
			return prompttext.FromText(v.Str, mode)
		case v.IsArray() && len(v.Array()) > 0:
			return prompttext.FromJSON(v.Raw, mode)
		}
	}
	return "", nil
}

// redacted reports whether the proxy hid the messages of a call.
func redacted(text string) bool { return strings.Contains(text, "redacted-by-litellm") }
