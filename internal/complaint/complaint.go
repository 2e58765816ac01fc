// Package complaint reads what a model's server says about a request that it does not serve: the
// bodies of errors of OpenAI, Azure, Anthropic, Gemini, Mistral, vLLM, SGLang, llama.cpp, Ollama
// and Text Generation Inference.
//
// Call [Read] or, for the first event of a stream, [Event]. The text is for telling the kinds
// apart and never for a client or a log: it may repeat the prompt or part of a key.
package complaint

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// Complaint holds what an error says. The zero value says nothing.
type Complaint struct {
	Status int    // the status that it names or implies, or 0
	words  string // its codes, types and messages, in lower case
}

// Read reads the body of an error, which may be cut.
func Read(body []byte) Complaint {
	body = bytes.TrimSpace(body)
	var found any
	if err := json.Unmarshal(body, &found); err != nil {
		return Complaint{words: strings.ToLower(string(body))}
	}
	var c Complaint
	c.take(found)
	return c
}

// Event reads the first event of a stream. ok reports whether that is an error.
func Event(event []byte) (c Complaint, ok bool) {
	var data []byte
	named := false
	for line := range bytes.Lines(event) {
		line = bytes.TrimRight(line, "\r\n")
		if value, found := bytes.CutPrefix(line, []byte("data:")); found {
			data = append(append(data, value...), '\n')
		} else if value, found := bytes.CutPrefix(line, []byte("event:")); found {
			named = string(bytes.TrimSpace(value)) == "error"
		}
	}
	return failed(data, named)
}

// Object reads an answer with status 200. ok reports whether that is an error, as OpenRouter gives
// it for a model that fails late.
func Object(answer []byte) (c Complaint, ok bool) { return failed(answer, false) }

// failed reads an object, which is an error if it says so or is named so. An error whose status is
// not known gets 500.
func failed(object []byte, named bool) (c Complaint, ok bool) {
	var top struct {
		Type  any `json:"type"`
		Error any `json:"error"`
	}
	if err := json.Unmarshal(object, &top); err != nil || !named && top.Error == nil && top.Type != "error" {
		ok = named
	} else {
		c, ok = Read(object), true
	}
	if ok && c.Status < http.StatusBadRequest {
		c.Status = http.StatusInternalServerError
	}
	return c, ok
}

// The keys of errors: those of texts, of which the first one that implies a status counts, and those
// of objects that have such keys.
var (
	texts  = []string{"code", "status", "status_code", "type", "error_type", "reason", "param", "message", "msg"}
	nested = []string{"error", "detail", "details", "innererror", "loc"}
)

// take collects what the fields of an error say, at any depth.
func (c *Complaint) take(value any) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			c.take(item)
		}
	case map[string]any:
		for _, key := range texts {
			c.field(v[key])
		}
		for _, key := range nested {
			c.take(v[key])
		}
	case string: // {"error": "..."}
		c.field(v)
	}
}

// field takes one field: a status or a text.
func (c *Complaint) field(value any) {
	switch v := value.(type) {
	case float64:
		if c.Status == 0 && v >= 100 && v <= 999 {
			c.Status = int(v)
		}
	case string:
		c.words += strings.ToLower(v) + "\n"
		if status := statusOf[v]; status != 0 && c.Status == 0 {
			c.Status = status
		}
	}
}

// statusOf has the statuses for which a type or code of an error stands, where a stream has
// none.
var statusOf = map[string]int{
	"invalid_request_error": http.StatusBadRequest, "context_length_exceeded": http.StatusBadRequest,
	"authentication_error": http.StatusUnauthorized, "invalid_api_key": http.StatusUnauthorized,
	"billing_error": http.StatusPaymentRequired, "permission_error": http.StatusForbidden,
	"not_found_error": http.StatusNotFound, "model_not_found": http.StatusNotFound,
	"rate_limit_error": http.StatusTooManyRequests, "rate_limit_exceeded": http.StatusTooManyRequests, "insufficient_quota": http.StatusTooManyRequests,
	"server_error": http.StatusInternalServerError, "api_error": http.StatusInternalServerError,
	"overloaded_error": 529, "timeout_error": http.StatusGatewayTimeout,
}

// says reports whether the error has one of the words.
func (c Complaint) says(words ...string) bool {
	for _, w := range words {
		if strings.Contains(c.words, w) {
			return true
		}
	}
	return false
}
