package serve

import (
	"net/http"
	"strings"
)

// ofAnthropic reports whether a request comes from a client of Anthropic's API.
func ofAnthropic(r *http.Request) bool {
	return r.Header.Get("Anthropic-Version") != "" || strings.Contains(r.URL.Path, "/v1/messages")
}

// anthropicWriter marks the answer to a client of Anthropic's API, for [forAnthropic].
type anthropicWriter struct{ http.ResponseWriter }

// Unwrap returns the wrapped writer, for [http.ResponseController].
func (w anthropicWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// forAnthropic reports whether an answer goes to a client of Anthropic's API.
func forAnthropic(w http.ResponseWriter) bool {
	for {
		if _, ok := w.(anthropicWriter); ok {
			return true
		}
		wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return false
		}
		w = wrapper.Unwrap()
	}
}

// anthropicError is an error in the form that Anthropic's clients read. The code is this
// server's own.
type anthropicError struct {
	Type  string `json:"type"`
	Error struct {
		Type    string `json:"type"`
		Message string `json:"message"`
		Code    string `json:"code"`
	} `json:"error"`
}

func anthropicErrorOf(status int, e apiError) anthropicError {
	a := anthropicError{Type: "error"}
	a.Error.Type, a.Error.Message, a.Error.Code = anthropicType(status), e.Message, e.Code
	return a
}

// anthropicType returns Anthropic's type of errors with a status.
func anthropicType(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "authentication_error"
	case http.StatusForbidden:
		return "permission_error"
	case http.StatusNotFound:
		return "not_found_error"
	case http.StatusRequestEntityTooLarge:
		return "request_too_large"
	case http.StatusTooManyRequests:
		return "rate_limit_error"
	case http.StatusServiceUnavailable:
		return "overloaded_error"
	case http.StatusGatewayTimeout:
		return "timeout_error"
	}
	if status >= http.StatusInternalServerError {
		return "api_error"
	}
	return "invalid_request_error"
}
