package body

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestForm(t *testing.T) {
	for request, want := range map[string]Form{
		`{"model":"m","messages":[]}`:               {Single: true},
		`{"n":1,"best_of":null,"echo":false}`:       {Single: true},
		`{"n":2}`:                                   {},
		`{"best_of":2}`:                             {},
		`{"echo":true}`:                             {},
		`{"audio":{"voice":"x"}}`:                   {},
		`{"modalities":["text","audio"]}`:           {},
		`{"modalities":["text"]}`:                   {Single: true},
		`{"logprobs":true}`:                         {Single: true, Logprobs: true},
		`{"logprobs":true,"top_logprobs":3}`:        {Single: true, Logprobs: true, Top: 3},
		`{"logprobs":2}`:                            {Single: true, Logprobs: true, Top: 2},
		`{"logprobs":false,"top_logprobs":-1}`:      {Single: true},
		`{"stream_options":{"include_usage":true}}`: {Single: true, Usage: true},
		`{"response_format":{"type":"json_schema","json_schema":{"a":"b"}}}`: {Single: true, JSON: true},
		`{"response_format":{"type":"json_object"}}`:                         {Single: true, JSON: true},
		`{"response_format":{"type":"text"}}`:                                {Single: true},
		`{"seed":7}`:                                                         {Single: true, Seeded: true},
		`{"prompt":["a"]}`:                                                   {Single: true},
		`{"prompt":["a","b"]}`:                                               {},
		`{"prompt":[[1,2]]}`:                                                 {},
		`{"prompt":[1,2]}`:                                                   {Single: true},
	} {
		b, err := Parse(request, Prompt)
		if err != nil {
			b, err = Parse(request, Messages)
		}
		if err != nil {
			t.Fatal(request, err)
		}
		if got, err := b.Form(); err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", request, got, err, want)
		}
	}
	for _, request := range []string{`{"n":1,"n":2}`, `{"N":2}`, `{"logprobs":true,"Log_Probs":false}`} {
		b, err := Parse(request, Messages)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := b.Form(); err == nil {
			t.Errorf("%s: %+v", request, got)
		}
	}
}

func TestWith(t *testing.T) {
	b, err := Parse(` {"logprobs" : false, "model":"x","é":[{"logprobs":0}]}`, Messages)
	if err != nil {
		t.Fatal(err)
	}
	got := b.With("y", Value{"top_logprobs", "5"}, Value{"logprobs", "true"}, Value{"stream_options", `{"include_usage":true}`}).String()
	want := ` {"top_logprobs":5,"stream_options":{"include_usage":true},"logprobs" : true, "model":"y","é":[{"logprobs":0}]}`
	if got != want || !json.Valid([]byte(got)) {
		t.Errorf("%s, want %s", got, want)
	}
	if got := b.With("y").String(); got != b.WithModel("y").String() {
		t.Errorf("%s", got)
	}
}

// TestAfter goes on after an answer, with nothing of the request but its messages.
func TestAfter(t *testing.T) {
	b, err := Parse(`{"model":"x","tools":[1],"messages": [ {"role":"user","content":"a ] b"} ] ,"n":1}`, Messages)
	if err != nil || !b.Listed() {
		t.Fatal(err)
	}
	got := b.After("y", `say "4"`, "true?", Value{"max_tokens", "1"}).String()
	if want := `{"model":"y","max_tokens":1,"messages":[ {"role":"user","content":"a ] b"} ,{"role":"assistant","content":"say \"4\""},{"role":"user","content":"true?"}]}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, request := range []string{`{"model":"x","messages":[]}`, `{"model":"x","messages":"hi"}`, `{"model":"x"}`} {
		if b, err := Parse(request, Messages); err != nil || b.Listed() {
			t.Errorf("%s: %v", request, err)
		}
	}
}

// FuzzWith checks that a request stays JSON, and has the values and nothing else beside its own.
func FuzzWith(f *testing.F) {
	f.Add(`{"model":"x","logprobs":false,"n":1}`)
	f.Add(` { "logprobs":{"a":[]} ,"model" : "x"}`)
	f.Fuzz(func(t *testing.T, raw string) {
		b, err := Parse(raw, Messages)
		if err != nil || b.end == 0 {
			return
		}
		if _, err := b.Form(); err != nil {
			return
		}
		got := b.With("y", Value{"logprobs", "true"}, Value{"top_logprobs", "5"}).String()
		var before, after map[string]any
		if json.Unmarshal([]byte(raw), &before) != nil {
			return
		}
		if err := json.Unmarshal([]byte(got), &after); err != nil {
			t.Fatalf("%q became %q: %v", raw, got, err)
		}
		before["model"], before["logprobs"], before["top_logprobs"] = "y", true, 5.
		if !reflect.DeepEqual(before, after) {
			t.Errorf("%q became %q", raw, got)
		}
	})
}
