package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// checkAPIs refuses settings that say wrongly how the upstreams are to be asked.
func (c *Config) checkAPIs() (string, error) {
	for _, u := range c.Upstreams() {
		if err := checkKeyHeader(u.KeyHeader); err != nil {
			return u.wrong("key-header", err)
		}
		if err := checkQuery(u.Query); err != nil {
			return u.wrong("query", err)
		}
		for _, api := range u.APIs {
			if api != OpenAI && api != Anthropic {
				return u.wrong("apis", fmt.Errorf("found %q, expected openai or anthropic", api))
			}
		}
		if len(u.APIs) == 0 {
			return u.wrong("apis", errors.New("found nothing, expected openai, anthropic or both"))
		}
	}
	if err := c.checkSide(c.Embeddings); err != nil {
		return "embeddings", err
	}
	return "moderations", c.checkSide(c.Moderations)
}

// checkSide refuses a text that names no side, and a side whose server does not speak OpenAI's API.
func (c *Config) checkSide(side string) error {
	if side == "" {
		return nil
	}
	u, err := c.named(side)
	if err == nil && !slices.Contains(u.APIs, OpenAI) {
		err = fmt.Errorf("the %s model's server does not speak OpenAI's API: %s is %s", side, u.Key("apis"), strings.Join(u.APIs, ","))
	}
	return err
}

// named returns the upstream of a name.
func (c *Config) named(side string) (Named, error) {
	var sides []string
	for _, u := range c.Upstreams() {
		if u.Side == side {
			return u, nil
		}
		sides = append(sides, u.Side)
	}
	return Named{}, fmt.Errorf("found %q, expected %s", side, strings.Join(sides, " or "))
}

// occupied are the headers that HTTP itself or the proxy sets.
var occupied = []string{"host", "content-length", "content-type", "content-encoding", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect", "accept-encoding"}

// tokens are the characters of a header's name.
const tokens = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// isHeader reports whether a text can be the name of a header.
func isHeader(name string) bool { return name != "" && strings.Trim(name, tokens) == "" }

func checkKeyHeader(name string) error {
	if !isHeader(name) || slices.Contains(occupied, strings.ToLower(name)) {
		return fmt.Errorf("found %q, expected a header for the key, such as authorization, api-key or x-api-key", name)
	}
	return nil
}

func checkQuery(query string) error {
	parameters, err := url.ParseQuery(query)
	_, unnamed := parameters[""]
	if err != nil || unnamed || strings.ContainsAny(query, "?#") || strings.ContainsFunc(query, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return hint.With(fmt.Errorf("found %q, expected NAME=VALUE", query), "for example api-version=2024-10-21; join several with &, and write other characters as in a URL")
	}
	return nil
}
