// Package chattest is a model server for tests, whose models are functions. It speaks OpenAI's chat
// API, Anthropic's messages and llama.cpp's form of the former, fails as told, and counts requests,
// tokens and dollars. Call [Start] in a test; internal/quiz/play runs it as a process.
package chattest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

// Model answers a request. It is called concurrently.
type Model func(Request) Answer

// Options configures a server.
type Options struct {
	Models map[string]Model // Models by name; the name "" answers for all others
	Fault  func(Request) *Fault
	Key    string           // Key is the key that requests must have; "" takes any
	Prices map[string]Price // Prices by model; the name "" is that of all others
	Report bool             // Report sends each answer's cost to the client, as OpenRouter does
	// Unsupported lists, by model, parameters that are refused as OpenAI refuses them.
	Unsupported map[string][]string
}

// Price is the price of a model in USD per million tokens.
type Price struct {
	Input  float64 `json:"input"` // price of tokens that were not cached
	Cached float64 `json:"cached"`
	Output float64 `json:"output"`
}

// Server is a model server.
type Server struct {
	URL string // URL is the base URL, which ends in /v1

	options  Options
	mu       sync.Mutex
	stats    Stats
	requests []Request
	seen     map[[32]byte]int // requests so far by digest
}

// Start runs a server until the test ends.
func Start(t testing.TB, o Options) *Server {
	s := New(o)
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		h.CloseClientConnections() // requests that hang
		h.Close()
	})
	s.URL = h.URL + "/v1"
	return s
}

// New returns a server's handler.
func New(o Options) *Server {
	return &Server{options: o, seen: map[[32]byte]int{}, URL: "http://model/v1", stats: Stats{Models: map[string]Count{}, Faults: map[string]int{}}}
}

// Requests returns the requests received so far, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// ServeHTTP answers a request. GET /stats returns [Stats].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	api := apiOf(r.URL.Path)
	switch {
	case r.Method == http.MethodGet && r.URL.Path == "/stats":
		writeJSON(w, http.StatusOK, s.Stats())
		return
	case r.Method == http.MethodGet && (r.URL.Path == "/health" || r.URL.Path == "/v1/models"):
		writeJSON(w, http.StatusOK, s.modelList())
		return
	case api == nil || r.Method != http.MethodPost:
		writeError(w, openAIAPI{}, http.StatusNotFound, "not_found_error", "", "no such address: "+r.URL.Path)
		return
	}
	var body map[string]json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		writeError(w, api, http.StatusBadRequest, "invalid_request_error", "", err.Error())
		return
	}
	request, err := api.parse(body)
	if err != nil {
		writeError(w, api, http.StatusBadRequest, "invalid_request_error", "", err.Error())
		return
	}
	request.Path, request.Header, request.Body = r.URL.Path, r.Header.Clone(), body
	s.answer(w, r, api, s.receive(request))
}

// receive numbers a request.
func (s *Server) receive(r Request) Request {
	digest := r.Digest("")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[digest]++
	r.Attempt, r.Number = s.seen[digest], len(s.requests)+1
	s.requests = append(s.requests, r)
	return r
}

// answer answers a request that could be read.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, api api, request Request) {
	if s.options.Key != "" && api.key(r.Header) != s.options.Key {
		s.count(request, Answer{}, "401")
		writeError(w, api, http.StatusUnauthorized, "authentication_error", "", fmt.Sprintf("incorrect API key %q", api.key(r.Header)))
		return
	}
	model := find(s.options.Models, request.Model)
	if model == nil {
		s.count(request, Answer{}, "404")
		writeError(w, api, http.StatusNotFound, "model_not_found", "", fmt.Sprintf("The model %q does not exist", request.Model))
		return
	}
	for _, name := range append(slices.Clone(s.options.Unsupported[request.Model]), s.options.Unsupported[""]...) {
		if _, sent := request.Body[name]; sent {
			s.count(request, Answer{}, "unsupported")
			writeError(w, api, http.StatusBadRequest, "unsupported_parameter", name, fmt.Sprintf("Unsupported parameter: '%s' is not supported with this model.", name))
			return
		}
	}
	if err := api.check(request); err != nil {
		s.count(request, Answer{}, "400")
		writeError(w, api, http.StatusBadRequest, "invalid_request_error", "", err.Error())
		return
	}
	var fault *Fault
	if s.options.Fault != nil {
		fault = s.options.Fault(request)
	}
	if fault != nil && fault.early(w, r, api, func() { s.count(request, Answer{}, fault.Name) }) {
		return
	}
	s.deliver(w, r, api, request, model(request), fault)
}

// deliver sends an answer, which a fault may spoil.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, api api, request Request, a Answer, fault *Fault) {
	a.complete(request)
	if a.CostUSD == nil && s.options.Report {
		usd := s.price(request.Model).of(a)
		a.CostUSD = &usd
	}
	if fault != nil {
		a.Delay += fault.Slow
	}
	if !sleep(r, a.Delay) {
		s.count(request, a, "left")
		panic(http.ErrAbortHandler)
	}
	body, err := json.Marshal(api.format(request, a))
	if err != nil {
		panic(err)
	}
	if fault != nil && fault.Spoil != nil {
		s.count(request, a, fault.Name)
		fault.Spoil(w, body)
		return
	}
	s.count(request, a, "")
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}
