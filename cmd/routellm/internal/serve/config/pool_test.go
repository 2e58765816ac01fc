package config

import (
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

const several = `upstreams:
  gpt-4o:
    url: https://api.openai.com/v1/
    name: gpt-4o-2024-08-06
    key_env: ROUTELLM_TEST_KEY
    key_header: api-key
    query: api-version=1
    apis: [openai, anthropic]
    max_chars: 8000
    images: false
    tools: false
    aliases: [big, bigger]
  llama: http://127.0.0.1:8080/v1
`

// TestPool reads upstreams from a file and from flags, which say the same.
func TestPool(t *testing.T) {
	t.Setenv("ROUTELLM_TEST_KEY", "secret")
	flags := []string{
		"--upstream", "gpt-4o=gpt-4o-2024-08-06@https://api.openai.com/v1,key_env=ROUTELLM_TEST_KEY,key_header=api-key,query=api-version=1,apis=openai,anthropic,max_chars=8000,images=false,tools=false,aliases=big,bigger",
		"--upstream", "llama@http://127.0.0.1:8080/v1",
	}
	for name, from := range map[string]struct {
		file        string
		environment map[string]string
		flags       []string
	}{
		"file": {file: several + "direct_models: true\n"}, "flags": {flags: append(flags, "--direct-models")},
		"environment": {environment: map[string]string{"ROUTELLM_UPSTREAMS": flags[1] + "\n" + flags[3], "ROUTELLM_DIRECT_MODELS": "true"}},
	} {
		c, o, err := load(t, from.file, from.environment, from.flags...)
		if err == nil {
			err = c.Check(o)
		}
		if err != nil || len(c.Pool.All) != 2 || !c.Several() {
			t.Fatalf("%s: %v, %v", name, err, c.Pool.All)
		}
		u, v := c.Upstreams()[0], c.Upstreams()[1]
		if u.Side != "gpt-4o" || u.Asked() != "gpt-4o" || u.Model.String() != "gpt-4o-2024-08-06@https://api.openai.com/v1" || u.KeyHeader != "api-key" || u.Query != "api-version=1" ||
			len(u.APIs) != 2 || u.MaxChars != 8000 || u.Images || u.Tools || strings.Join(u.Names(), " ") != "gpt-4o big bigger" {
			t.Errorf("%s: %+v", name, u.Upstream)
		}
		if v.Side != "llama" || v.Name != "llama" || v.KeyHeader != "authorization" || len(v.APIs) != 1 || !v.Images || !v.Tools {
			t.Errorf("%s: %+v", name, v.Upstream)
		}
		if keys, flag, err := c.Keys(); err != nil || keys.Models["gpt-4o"] != "secret" || keys.Models["llama"] != "" {
			t.Errorf("%s: %v, %s, %v", name, keys.Models, flag, err)
		}
	}
}

// TestPoolPrecedence takes the upstreams of one place, and checks those of the others.
func TestPoolPrecedence(t *testing.T) {
	c, _, err := load(t, several, nil, "--upstream", "a@http://h")
	if err != nil || len(c.Pool.All) != 1 || c.Pool.All[0].Side != "a" {
		t.Errorf("%v, %v", c.Pool.All, err)
	}
	if _, _, err := load(t, "upstreams:\n  a: [1]\n", nil, "--upstream", "a@http://h"); err == nil {
		t.Error("a wrong file passes beside a flag")
	}
}

// TestPoolGiven writes the flags' values again, as a reload does.
func TestPoolGiven(t *testing.T) {
	c, set := &Config{}, pflag.NewFlagSet("", pflag.ContinueOnError)
	c.Add(set)
	if err := set.Parse([]string{"--upstream", "a=b@http://h", "--upstream", "c@http://h,max_chars=3"}); err != nil {
		t.Fatal(err)
	}
	again := Pool{}
	if err := again.Replace(c.Pool.GetSlice()); err != nil || again.String() != c.Pool.String() || again.All[1].MaxChars != 3 {
		t.Errorf("%q, expected %q, %v", again.String(), c.Pool.String(), err)
	}
}

func TestPoolRefuses(t *testing.T) {
	for file, want := range map[string]string{
		"upstreams:\n  a:\n    url: http://h\n    max_chars: many\n":                      `serve.yaml:4: upstream "a": key "max_chars": found "many", expected a whole number`,
		"upstreams:\n  a:\n    url: http://h\n    max_chars: -1\n":                        `serve.yaml:1: key "upstreams": max_chars of "a": found -1`,
		"upstreams:\n  a:\n    url: http://h\n    key: x\n":                               `serve.yaml:4: upstream "a": unknown key "key"`,
		"upstreams:\n  a:\n    url: http://h\n    url: http://i\n":                        `serve.yaml:4: upstream "a": key "url" is given twice`,
		"upstreams:\n  a:\n    name: x\n":                                                 `serve.yaml:3: upstream "a": key "url": expected a single value`,
		"upstreams:\n  a: ftp://h\n":                                                      `serve.yaml:2: upstream "a": key "url": found "ftp://h", expected a URL`,
		"upstreams:\n  a: [x]\n":                                                          `serve.yaml:2: upstream "a": expected the URL of its server, or settings`,
		"upstreams:\n  a: http://h\n  a: http://i\n":                                      `serve.yaml:3: found "a" twice`,
		"upstreams:\n  \"\": http://h\n":                                                  `serve.yaml:2: upstream "": key "name": expected`,
		"upstreams: [a]\n":                                                                `serve.yaml:1: key "upstreams": found "a", expected MODEL=NAME@URL`,
		"upstreams: {}\n":                                                                 `--strong is missing`,
		"upstream: {a: http://h}\n":                                                       `serve.yaml:1: unknown key "upstream"`,
		"upstreams: {a: http://h}\nstrong: b@http://h\n":                                  `serve.yaml:2: key "strong": is for two models and cannot be combined with upstreams`,
		"upstreams: {a: http://h}\nweak_tools: false\n":                                   `serve.yaml:2: key "weak_tools": is for two models`,
		"upstreams: {a: http://h}\ndefault_side: weak\n":                                  `serve.yaml:2: key "default_side": is for two models`,
		"upstreams: {a: http://h}\nclient_thresholds: false\n":                            `serve.yaml:2: key "client_thresholds": is for two models`,
		"upstreams: {a: http://h}\ndefault_model: b\n":                                    `serve.yaml:2: key "default_model": found "b", expected a`,
		"upstreams: {a: http://h}\nembeddings: strong\n":                                  `serve.yaml:2: key "embeddings": found "strong", expected a`,
		"upstreams: {a: http://h}\nunserved: a\n":                                         `serve.yaml:2: key "unserved": "a" has an upstream`,
		"upstreams: {a: http://h}\nlambda: -1\n":                                          `serve.yaml:2: key "lambda": found -1`,
		"upstreams: {a: http://h}\nlambda: .inf\n":                                        `serve.yaml:2: key "lambda": found`,
		"upstreams: {a: http://h}\nclient_lambdas: false\nrouter: [x, y]\n":               `serve.yaml:2: key "client_lambdas": no client could ask for y`,
		"upstreams: {a: {url: http://h, key_env: NONE_SUCH}}\n":                           `serve.yaml:1: key "upstreams": key_env of "a": the environment variable "NONE_SUCH" is not set`,
		"upstreams: {a: {url: http://h, apis: [x]}}\n":                                    `serve.yaml:1: key "upstreams": apis of "a": found "x"`,
		"upstreams: {a: {url: http://h, aliases: b}}\n":                                   `serve.yaml:1: key "upstreams": aliases of "a": is of no use without direct_models`,
		"direct_models: true\nupstreams: {a: {url: http://h, aliases: b}, b: http://h}\n": `serve.yaml:2: key "upstreams": "b": "b" already names the a model`,
		models + "threshold: 1\ndefault_model: big\n":                                     `serve.yaml:4: key "default_model": is for several models`,
	} {
		c, o, err := load(t, file, nil)
		if err == nil {
			err = c.Check(o)
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v, expected %s", file, err, want)
		}
	}
	for text, want := range map[string]string{
		"a": errPool.Error(), "a=b": errPool.Error(), "@http://h": errPool.Error(), "a@http://h,max_chars=x": `max_chars of "a": found "x", expected a whole number`,
		"a@http://h\nb=a@http://h\na=c@http://h": `found "a" twice`,
	} {
		if err := new(Pool).Set(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v, expected %s", text, err, want)
		}
	}
}
