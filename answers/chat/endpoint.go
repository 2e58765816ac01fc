package chat

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/modelserver"
)

// The public servers.
const (
	OpenAIURL    = "https://api.openai.com/v1"
	AnthropicURL = "https://api.anthropic.com/v1"
)

const example = "such as big=gpt-4o, or small=llama@http://127.0.0.1:8080/v1"

// address finds the URL of an endpoint. A model's name may have an @ too.
var address = regexp.MustCompile(`@(?:([a-z0-9]+)\+)?(https?://.*)$`)

// ParseEndpoint reads LABEL=MODEL@URL. The label defaults to the model's name. Without @URL, the
// model is one of OpenAI's own server. A protocol in front of the URL, such as anthropic+https://...
// or llamacpp+http://..., is that of the server; otherwise api.anthropic.com speaks Anthropic's, and
// every other server OpenAI's.
func ParseEndpoint(text string) (Endpoint, error) {
	var e Endpoint
	model := text
	if at := address.FindStringSubmatchIndex(text); at != nil {
		model, e.URL = text[:at[0]], text[at[4]:at[5]]
		if at[2] >= 0 {
			e.API = API(text[at[2]:at[3]])
		}
	}
	label, rest, named := strings.Cut(model, "=")
	if e.Label, e.Model = label, rest; !named {
		e.Label, e.Model = model, model
	}
	if err := strayHost(e.Model); e.URL == "" && err != nil {
		name, _, _ := strings.Cut(e.Label, "@") // what follows may have a key
		return Endpoint{}, fmt.Errorf("model %q: %w", name, err)
	}
	if err := e.complete(); err != nil {
		if err = fmt.Errorf("model %q: %w", e.Label, err); !named {
			err = hint.With(err, "a model is LABEL=MODEL@URL, "+example)
		}
		return Endpoint{}, err
	}
	return e, nil
}

// strayHost returns an error for an @ with what looks like a URL without http://.
func strayHost(model string) error {
	i := strings.LastIndex(model, "@")
	if i < 0 || !strings.ContainsAny(model[i:], ".:/") && model[i+1:] != "localhost" {
		return nil
	}
	return hint.With(errors.New("expected http:// or https:// after the @"), "a model is LABEL=MODEL@URL, "+example)
}

// complete checks the fields and sets defaults.
func (e *Endpoint) complete() error {
	if e.URL == "" {
		e.URL = map[API]string{Anthropic: AnthropicURL}[e.API]
	}
	if e.URL == "" {
		e.URL = OpenAIURL
	}
	if e.Model == "" {
		return hint.With(errors.New("the model's name is missing"), "a model is LABEL=MODEL@URL, "+example)
	}
	if err := CheckLabel(e.Label); err != nil {
		return err
	}
	u, err := parseURL(e.URL)
	if err != nil {
		return err
	}
	if e.API == "" {
		e.API = OpenAI
		if u.Hostname() == "api.anthropic.com" {
			e.API = Anthropic
		}
	}
	if !slices.Contains([]API{OpenAI, Anthropic, LlamaCPP}, e.API) {
		return fmt.Errorf("protocol %q: expected %s, %s or %s", e.API, OpenAI, Anthropic, LlamaCPP)
	}
	e.URL = u.String()
	return nil
}

// CheckLabel returns an error for a label that cannot be part of a column's name and of flags.
func CheckLabel(label string) error {
	awkward := func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune("=,\"'`*?\\", r)
	}
	switch i := strings.IndexFunc(label, awkward); {
	case label == "":
		return hint.With(errors.New("the label is empty"), "a label names the model's columns, "+example)
	case !utf8.ValidString(label) || i >= 0:
		err := fmt.Errorf("the label %q has a character that names of columns and lists of models cannot have", label)
		return hint.With(err, "use letters, digits and any of . - _ / : @ +", "a label of your own goes before =, "+example)
	case len(label) > 200:
		return errors.New("the label is longer than 200 bytes")
	}
	return nil
}

// secrets lists parameters of URLs that hold keys.
var secrets = regexp.MustCompile(`(?i)key|token|secret|password|^sig$|^code$|^auth`)

// parseURL checks a base URL. Its errors repeat no key.
func parseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, hint.With(errors.New("the URL is not complete: expected http:// or https:// and a host"), "such as "+OpenAIURL+" or http://127.0.0.1:8080/v1")
	case u.User != nil:
		return nil, keyInURL("a user name or a key before the @ of its host")
	case u.Fragment != "":
		return nil, errors.New("the URL has a part after #: expected none")
	}
	for name := range u.Query() {
		if secrets.MatchString(name) {
			return nil, keyInURL(fmt.Sprintf("the parameter %q", name))
		}
	}
	u.Host, u.Path, u.RawPath = strings.ToLower(u.Host), strings.TrimRight(u.Path, "/"), ""
	return u, nil
}

func keyInURL(what string) error {
	return hint.With(errors.New("the URL has "+what+": keys in URLs end up in files and logs"),
		"give the key by the name of an environment variable, or in a file")
}

// checkKey returns an error for a key that cannot be sent. It does not repeat the key.
func checkKey(key string) error {
	if key == "" {
		return nil
	}
	return modelserver.CheckKey(key)
}
