// Package endpoint lists the addresses at which the server passes requests on to models.
//
// [All] returns them. Each [Endpoint] says how its requests are read and which upstream gets
// them.
package endpoint

import (
	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
)

// Endpoint is an address of a model's API.
type Endpoint struct {
	Name      string // name in the decision log and in metrics
	Method    string
	Path      string // path below the base URL of an API; "{id}" stands for any single part
	API       string // the API that an upstream must speak: config.OpenAI or config.Anthropic
	To        Target
	Keys      []string // keys of the request that may hold its text; nil where the text is not read
	Generates bool     // a model generates the answer; status 404 means that it does not know the model
}

// Target says which upstream gets the requests of an endpoint.
type Target string

// The targets.
const (
	Routed      Target = "routed"      // the one that the router chooses
	Embeddings  Target = "embeddings"  // the one that the setting embeddings names
	Moderations Target = "moderations" // the one that the setting moderations names
	Maker       Target = "maker"       // the one that made the response with the id in the path
)

// Pattern returns the endpoint's pattern for [net/http.ServeMux].
func (e Endpoint) Pattern() string { return e.Method + " /v1" + e.Path }

// All returns all endpoints.
func All() []Endpoint {
	return []Endpoint{
		routed("chat", "/chat/completions", config.OpenAI, body.Messages).generating(),
		routed("completions", "/completions", config.OpenAI, body.Prompt).generating(),
		routed("responses", "/responses", config.OpenAI, body.Input).generating(),
		routed("messages", "/messages", config.Anthropic, body.Messages, body.System).generating(),
		routed("response_tokens", "/responses/input_tokens", config.OpenAI, body.Input),
		routed("message_tokens", "/messages/count_tokens", config.Anthropic, body.Messages, body.System),
		to(Embeddings, "embeddings", "POST", "/embeddings"),
		to(Moderations, "moderations", "POST", "/moderations"),
		to(Maker, "response", "GET", "/responses/{id}"),
		to(Maker, "response_delete", "DELETE", "/responses/{id}"),
		to(Maker, "response_cancel", "POST", "/responses/{id}/cancel"),
		to(Maker, "response_items", "GET", "/responses/{id}/input_items"),
	}
}

// routed returns an endpoint whose requests are routed by the text under one of the keys.
func routed(name, path, api string, keys ...string) Endpoint {
	return Endpoint{Name: name, Method: "POST", Path: path, API: api, To: Routed, Keys: keys}
}

// to returns an endpoint of OpenAI's API whose requests are not routed.
func to(target Target, name, method, path string) Endpoint {
	return Endpoint{Name: name, Method: method, Path: path, API: config.OpenAI, To: target}
}

func (e Endpoint) generating() Endpoint {
	e.Generates = true
	return e
}
