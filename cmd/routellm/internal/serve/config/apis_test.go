package config

import (
	"strings"
	"testing"
)

func TestCheckAPIs(t *testing.T) {
	for lines, want := range map[string]string{
		"strong_key_header: api-key":                            "",
		"strong_key_header: X-API-Key":                          "",
		"strong_key_header: ''":                                 `serve.yaml:3: key "strong_key_header": found "", expected a header for the key`,
		"weak_key_header: 'api key'":                            `serve.yaml:3: key "weak_key_header": found "api key", expected`,
		"weak_key_header: \"a\\r\\nb\"":                         `expected a header for the key`,
		"weak_key_header: Content-Length":                       `expected a header for the key`,
		"strong_query: api-version=2024-10-21":                  "",
		"strong_query: a=1&b=%20":                               "",
		"strong_query: '?api-version=1'":                        `serve.yaml:3: key "strong_query": found "?api-version=1", expected NAME=VALUE`,
		"strong_query: 'a b'":                                   `expected NAME=VALUE`,
		"strong_query: '%zz'":                                   `expected NAME=VALUE`,
		"strong_query: '=1'":                                    `expected NAME=VALUE`,
		"strong_query: a=1;b=2":                                 `expected NAME=VALUE`,
		"strong_apis: anthropic":                                "",
		"strong_apis: [openai, anthropic]":                      "",
		"weak_apis: gemini":                                     `serve.yaml:3: key "weak_apis": found "gemini", expected openai or anthropic`,
		"weak_apis: ''":                                         `expected openai, anthropic or both`,
		"embeddings: weak":                                      "",
		"embeddings: both":                                      `serve.yaml:3: key "embeddings": found "both", expected strong or weak`,
		"moderations: left":                                     `key "moderations": found "left", expected strong or weak`,
		"moderations: weak\nweak_apis: anthropic":               `the weak model's server does not speak OpenAI's API: weak_apis is anthropic`,
		"weak_alias: [small]":                                   `serve.yaml:3: key "weak_alias": is of no use without direct_models`,
		"direct_models: true":                                   "",
		"direct_models: true\nweak_alias: [small, tiny]":        "",
		"direct_models: true\nweak_alias: routellm":             `serve.yaml:4: key "weak_alias": "routellm" is the name of a router`,
		"direct_models: true\nweak_alias: router-mf-0.5":        `"router-mf-0.5" is the name of a router`,
		"direct_models: true\nweak_alias: big":                  `key "weak_alias": "big" already names the strong model`,
		"direct_models: true\nweak_alias: [x, x]":               `"x" already names the weak model`,
		"direct_models: true\nstrong_alias: a/b@c":              `serve.yaml:2: key "weak": "a/b@c" already names the strong model`,
		"direct_models: true\nweak_alias: ' '":                  `found an empty name`,
		"direct_models: true\nstrong_alias: x\nweak_alias: [x]": `key "weak_alias": "x" already names the strong model`,
	} {
		c, o, err := load(t, models+lines+"\n", nil)
		if err == nil {
			err = c.Check(o)
		}
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, expected %s", lines, err, want)
		}
	}
	c, o, _ := load(t, "strong: a@http://h\nweak: a@http://i\n", nil)
	if err := c.Check(o); err != nil {
		t.Errorf("one model on two servers: %v", err)
	}
	c.DirectModels = true
	if err := c.Check(o); err == nil || !strings.Contains(err.Error(), `"a" already names the strong model`) {
		t.Errorf("one model on two servers, for clients to choose: %v", err)
	}
}
