// Package chat asks language models for answers: OpenAI's chat API and every server that speaks it,
// Anthropic's messages, and llama.cpp. Call [New], then [Client.Ask].
package chat

import (
	"net/http"
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
	Timeout time.Duration // Timeout limits one attempt; 0 means [DefaultTimeout]

	Transport http.RoundTripper // Transport, if non-nil, sends the requests
}

// Settings holds the parameters of a request. A nil field is not sent.
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

// Request holds one question to a model.
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
	Finish       string   // Finish says why the answer ended: stop, length, filter, tool or another word of the server's; "" if it does not say
	InputTokens  float64  // InputTokens counts the tokens of the request, cached ones included
	OutputTokens float64  // OutputTokens counts the tokens of the answer, those of its reasoning included
	CachedTokens float64  // CachedTokens counts the tokens of the request that the server had read before
	CostUSD      float64  // CostUSD is the cost of the answer as reported by the server
	Latency      float64  // Latency is the time of the successful attempt in seconds
	Model        string   // Model is the model that the server says answered
	Tokens       []Token  // Tokens is nil if the server reported no log-probabilities
	Signals      *Signals // Signals stand in place of Tokens in an answer that was shortened
	Requests     int      // Requests is the number of attempts; 0 for an answer from a cache
}
