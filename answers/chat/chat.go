// Package chat asks language models for answers: OpenAI's chat API and every server that speaks it,
// Anthropic's messages, and llama.cpp. Call [New], then [Client.Ask].
package chat

import (
	"context"
	"errors"
	"time"
)

// API is the protocol of a server.
type API string

// The protocols.
const (
	OpenAI    API = "openai"    // POST /chat/completions
	Anthropic API = "anthropic" // POST /v1/messages
	LlamaCPP  API = "llamacpp"  // POST /chat/completions of llama.cpp's server, with its own fields
)

// Endpoint says where a model is asked.
type Endpoint struct {
	Label   string        // Label names the model in files, such as "big"
	Model   string        // Model is the model's name on the server
	URL     string        // URL is the base URL, which includes /v1
	API     API           // API is the server's protocol
	Key     string        // Key is the API key; "" sends none
	Timeout time.Duration // Timeout limits one attempt
}

// ParseEndpoint reads LABEL=MODEL@URL. Without an API in front of the URL, such as
// anthropic+https://..., the host decides, and defaults to OpenAI.
func ParseEndpoint(text string) (Endpoint, error) { return Endpoint{}, errors.New("not built yet") }

// Settings are what a model is asked with. A nil field is not sent.
type Settings struct {
	System      string
	Temperature *float64
	MaxTokens   *int
	Seed        *int64
	TopLogprobs int // TopLogprobs is the number of alternatives per token to ask for; 0 asks for no log-probabilities
}

// Message is one message of a conversation. Parts, if non-empty, is the JSON of a content that is
// more than text.
type Message struct {
	Role, Content string
	Parts         []byte
}

// Request is what a model is asked.
type Request struct {
	Messages []Message
	Settings Settings
	Sample   int // Sample is the number of the repeat, from 0; it only distinguishes cached answers
}

// Token is a token of an answer with the natural logarithm of its probability.
type Token struct {
	Text    string
	Logprob float64
	Top     []Alternative // Top lists the likeliest tokens in this place, if the server reported them
}

// Alternative is a token that could have stood in a place.
type Alternative struct {
	Text    string
	Logprob float64
}

// Answer is a model's answer. A number that the server did not report is NaN.
type Answer struct {
	Text         string
	Finish       string // Finish says why the answer ended: stop, length, filter or another word of the server's
	InputTokens  float64
	OutputTokens float64
	CachedTokens float64
	CostUSD      float64 // CostUSD is what the server says that the answer cost
	Latency      float64 // Latency is the time of the successful attempt in seconds
	Model        string  // Model is the model that the server says answered
	Tokens       []Token // Tokens is nil if the server reported no log-probabilities
	Requests     int     // Requests is the number of attempts; 0 for an answer from a cache
}

// Client asks one model. It is safe for concurrent use.
type Client struct{ endpoint Endpoint }

// New checks the endpoint. It sends no request.
func New(e Endpoint) (*Client, error) { return nil, errors.New("not built yet") }

// Ask asks the model. It retries as package modelserver says. An error that the request itself
// caused, such as a prompt that is too long, is a [*Refused]: asking again does not help.
func (c *Client) Ask(ctx context.Context, r Request) (Answer, error) {
	return Answer{}, errors.New("not built yet")
}

// Identity returns what distinguishes the answers of this endpoint from those of others, without
// the key: server, protocol and model.
func (c *Client) Identity() string { return "" }

// Refused is a server's refusal of one request.
type Refused struct {
	Status int
	Err    error
}

// Error returns the reason.
func (r *Refused) Error() string { return r.Err.Error() }

// Unwrap returns the reason.
func (r *Refused) Unwrap() error { return r.Err }
