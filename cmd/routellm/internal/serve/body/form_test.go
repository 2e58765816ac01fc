package body

import (
	"encoding/json"
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
