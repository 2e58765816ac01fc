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
	Name      string // in the decision log and in metrics
	Method    string
	Path      string // below the base URL of an API; "{id}" stands for any single part
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

// Text returns an endpoint whose requests are routed by the text under one of the keys.
func text(name, path, api string, generates bool, keys ...string) Endpoint {
	return Endpoint{Name: name, Method: "POST", Path: path, API: api, To: Routed, Keys: keys, Generates: generates}
}

// All returns all endpoints.
func All() []Endpoint {
	return []Endpoint{
		text("chat", "/chat/completions", config.OpenAI, true, body.Messages),
		text("completions", "/completions", config.OpenAI, true, body.Prompt),
		text("responses", "/responses", config.OpenAI, true, body.Input),
	}
}
