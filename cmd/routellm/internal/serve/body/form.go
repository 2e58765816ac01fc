package body

import (
	"encoding/json"
	"strings"

	"github.com/tidwall/gjson"
)

// Form says in which form a request wants its answer.
type Form struct {
	Single bool // one answer, of text, with nothing before it: not several, no sound, no echo of the prompt
	JSON   bool // the text is to be JSON

	Logprobs bool // the client asked for log-probabilities of tokens
	Top      int  // and for this number of alternatives to each token

	Seeded bool // the client chose the seed of the sampling

	Usage bool // the client asked for the token counts at the end of a stream, or said that it wants none
}

// formKeys are the keys that [Body.Form] reads and [Body.With] may set.
var formKeys = foldedNames("n", "best_of", "echo", "logprobs", "top_logprobs", "stream", "stream_options", "response_format", "modalities", "audio", "seed")

// Form reads the form of the answer. It returns an error for a key of it that is given twice or in
// another spelling: a server could read another form than this one.
func (b Body) Form() (Form, error) {
	f, o := Form{Single: true}, object{read: formKeys}
	var err error
	gjson.Parse(b.raw).ForEach(func(key, value gjson.Result) bool {
		if err = o.take(key.Str); err == nil {
			f.take(key.Str, value)
		}
		return err == nil
	})
	f.Single = f.Single && !b.batched()
	return f, err
}

// take keeps the value of a key.
func (f *Form) take(key string, value gjson.Result) {
	given := value.Type != gjson.Null
	switch key {
	case "n", "best_of":
		f.Single = f.Single && (!given || value.Num == 1)
	case "echo":
		f.Single = f.Single && value.Type != gjson.True
	case "audio":
		f.Single = f.Single && !given
	case "modalities":
		f.Single = f.Single && !strings.Contains(value.Raw, `"audio"`)
	case "logprobs": // a number in the older API for texts
		f.Logprobs = value.Type == gjson.True || value.Type == gjson.Number
		f.Top = max(f.Top, number(value))
	case "top_logprobs":
		f.Top = max(f.Top, number(value))
	case "seed":
		f.Seeded = given
	case "stream_options":
		f.Usage = value.Get("include_usage").Exists()
	case "response_format":
		kind := value.Get("type").Str
		f.JSON = kind == "json_object" || kind == "json_schema"
	}
}

// number returns a number of 0 or more, 0 for any other value.
func number(v gjson.Result) int {
	if v.Type != gjson.Number || !(v.Num >= 0 && v.Num <= 1<<20) {
		return 0
	}
	return int(v.Num)
}

// batched reports whether the request has several prompts, as the older API for texts allows.
func (b Body) batched() bool {
	first := b.messages.Get("0")
	return first.Type == gjson.String && b.messages.Get("1").Exists() || first.IsArray()
}

// Value is a value for a key at the top level of a request, as JSON.
type Value struct{ Key, JSON string }

// With returns the request with another model's name and with values. A value takes the place of the
// one that the key has, and every other byte stays. The request must name a model.
func (b Body) With(model string, values ...Value) Content {
	quoted, _ := json.Marshal(model) // never fails for a string
	edits := []Edit{{b.at, b.end, string(quoted)}}
	left := map[string]string{}
	for _, v := range values {
		left[v.Key] = v.JSON
	}
	gjson.Parse(b.raw).ForEach(func(key, value gjson.Result) bool {
		if text, ok := left[key.Str]; ok {
			edits = append(edits, Edit{value.Index, value.Index + len(value.Raw), text})
			delete(left, key.Str)
		}
		return true
	})
	begin, more := strings.IndexByte(b.raw, '{')+1, ""
	for _, v := range values { // in their order, not that of the map
		if text, ok := left[v.Key]; ok {
			more += `"` + v.Key + `":` + text + ","
		}
	}
	return Edited(b.raw, append(edits, Edit{begin, begin, more}))
}

// After returns a new request that goes on after an answer with a question, with another model's name
// and with values. It keeps nothing of the request but its messages, which must be a list with a
// message in it: see [Body.Listed].
func (b Body) After(model, answer, question string, values ...Value) Content {
	said := []message{{"assistant", answer}, {"user", question}}
	more, _ := json.Marshal(said) // never fails for texts
	quoted, _ := json.Marshal(model)
	begin := `{"model":` + string(quoted)
	for _, v := range values {
		begin += `,"` + v.Key + `":` + v.JSON
	}
	messages := b.messages.Raw[:strings.LastIndexByte(b.messages.Raw, ']')]
	return Content{begin + `,"messages":`, messages, "," + string(more[1:]) + "}"}
}

// Listed reports whether the request has a list of messages that is not empty.
func (b Body) Listed() bool { return b.messages.IsArray() && b.messages.Get("0").Exists() }

// message is a message of a chat.
type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}
