package config

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/internal/hint"

	"github.com/spf13/pflag"
)

// load reads settings from flags, an environment and the text of a file.
func load(t *testing.T, file string, environment map[string]string, flags ...string) (*Config, Origins, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	c, set := &Config{}, pflag.NewFlagSet("", pflag.ContinueOnError)
	c.Add(set)
	if err := set.Parse(flags); err != nil {
		t.Fatal(err)
	}
	path := ""
	if file != "" {
		path = "serve.yaml"
		if err := os.WriteFile(path, []byte(file), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	o, err := Load(set, path, func(name string) (string, bool) { v, ok := environment[name]; return v, ok })
	return c, o, err
}

const models = "strong: big@https://host/v1\nweak: a/b@c@http://127.0.0.1:8000\n"

func TestLoad(t *testing.T) {
	c, o, err := load(t, "# settings\n"+models+"threshold: 0.25\nrouter: [mf, 'knn']\nidle_timeout: 90s\nfallback: true\nlisten: \"[::1]:80\"\nexplore: 0.1\n",
		map[string]string{"ROUTELLM_EXPLORE": "0.2", "ROUTELLM_MAX_BODY": "5", "ROUTELLM_OTHER": "x"}, "--max-body", "6", "--log", "x")
	if err != nil || c.Check(o) != nil {
		t.Fatal(err, c.Check(o))
	}
	if c.Threshold != 0.25 || !slices.Equal(c.Routers, []string{"mf", "knn"}) || c.IdleTimeout != 90*time.Second || !c.Fallback || c.Explore != 0.2 || c.MaxBody != 6 {
		t.Errorf("got %+v", c)
	}
	if c.Weak.Name != "a/b@c" || c.Weak.URL.String() != "http://127.0.0.1:8000" || c.Strong.String() != "big@https://host/v1" {
		t.Errorf("got %v and %v", c.Strong, c.Weak)
	}
	for flag, want := range map[string]string{"threshold": `serve.yaml:4: key "threshold"`, "explore": "$ROUTELLM_EXPLORE", "max-body": "--max-body", "idle-timeout": `serve.yaml:6: key "idle_timeout"`} {
		if o[flag] != want {
			t.Errorf("%s is from %q, expected %q", flag, o[flag], want)
		}
	}
	if _, ok := o["text"]; ok {
		t.Error("a default has an origin")
	}
}

// TestLoadThreshold gives a threshold, a share and an artifact in different sources. The
// first source in order of precedence wins; Load keeps several from the same source, for
// the caller to refuse.
func TestLoadThreshold(t *testing.T) {
	type environment = map[string]string
	for _, x := range []struct {
		file        string
		environment environment
		flags       []string
		want        []string // flags with an origin
	}{
		{"strong_fraction: 0.3", nil, []string{"--threshold", "5"}, []string{"threshold"}},
		{"strong_fraction: 0.3", environment{"ROUTELLM_THRESHOLD": "5"}, nil, []string{"threshold"}},
		{"threshold: 5", nil, []string{"--strong-fraction", "0.3"}, []string{"strong-fraction"}},
		{"threshold: 5", nil, []string{"--artifact", "a"}, []string{"artifact"}},
		{"artifact: a", nil, []string{"--threshold", "5"}, []string{"threshold"}},
		{"threshold: 5", environment{"ROUTELLM_ARTIFACT": "a"}, []string{"--strong-fraction", "0.3"}, []string{"strong-fraction"}},
		{"", environment{"ROUTELLM_ARTIFACT": "a"}, []string{"--threshold", "5"}, []string{"threshold"}},
		{"threshold: 5", environment{"ROUTELLM_ARTIFACT": ""}, nil, []string{"artifact", "threshold"}}, // an empty value does not count
		{"threshold: 5\nartifact: a", nil, nil, []string{"artifact", "threshold"}},
		{"", environment{"ROUTELLM_ARTIFACT": "a", "ROUTELLM_THRESHOLD": "5"}, nil, []string{"artifact", "threshold"}},
		{"strong_fraction: 0.3", nil, []string{"--artifact", "a", "--threshold", "5"}, []string{"artifact", "threshold"}},
	} {
		_, o, err := load(t, x.file, x.environment, x.flags...)
		if got := slices.Sorted(maps.Keys(o)); err != nil || !slices.Equal(got, x.want) {
			t.Errorf("%q, %v, %v: found %v, expected %v; %v", x.file, x.environment, x.flags, got, x.want, err)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	for file, want := range map[string]string{
		"threshold: 1\ntreshold: 2\n":       `serve.yaml:2: unknown key "treshold"`,
		"max-body: 2\n":                     `serve.yaml:1: unknown key "max-body"`,
		"\n\nthreshold: high\n":             `serve.yaml:3: key "threshold": found "high", expected a number`,
		"idle_timeout: 30\n":                `serve.yaml:1: key "idle_timeout": found "30", expected a duration such as 30s`,
		"max_body: 1.5\n":                   `serve.yaml:1: key "max_body": found "1.5", expected a whole number that is in range`,
		"breaker_failures: -1\n":            `serve.yaml:1: key "breaker_failures": found "-1", expected a whole number that is in range`,
		"insecure: perhaps\n":               `serve.yaml:1: key "insecure": found "perhaps", expected true or false`,
		"strong: big\n":                     `serve.yaml:1: key "strong": found "big", expected MODEL@URL`,
		"threshold:\n":                      `serve.yaml:1: key "threshold": expected a single value`,
		"threshold: [1, 2]\n":               `serve.yaml:1: key "threshold": expected a single value`,
		"strong: {model: big}\n":            `serve.yaml:1: key "strong": expected a single value`,
		"router: []\n":                      `serve.yaml:1: key "router": expected a value or a list of values`,
		"cors_origins:\n":                   `serve.yaml:1: key "cors_origins": expected a value or a list of values`,
		"strong: @http://h\n":               `serve.yaml: line 1: `,
		"router: [[mf]]\n":                  `serve.yaml:1: key "router": expected a list of single values`,
		"text: last\nlog: x\ntext: first\n": `serve.yaml:3: key "text" is given twice, first in line 1`,
		"- threshold\n":                     `serve.yaml:1: expected keys and values`,
		"threshold: 1\n---\nthreshold: 2\n": `serve.yaml: found several YAML documents, expected one`,
		"threshold: 1\n  log: x\n":          `serve.yaml: line 2: `,
		"config: other.yaml\n":              `serve.yaml:1: unknown key "config"`,
	} {
		if _, _, err := load(t, file, nil); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v, expected %s", file, err, want)
		}
	}
	if _, _, err := load(t, "", map[string]string{"ROUTELLM_EXPLORE": "x"}); err == nil || err.Error() != `$ROUTELLM_EXPLORE: found "x", expected a fraction such as 0.3 or 30%` {
		t.Errorf("error %v", err)
	}
	if _, _, err := load(t, "# nothing\n", nil); err != nil {
		t.Errorf("comments alone: %v", err)
	}
}

func TestCheck(t *testing.T) {
	t.Setenv("TEST_CONFIG_KEY", "k")
	t.Setenv("TEST_CONFIG_LINES", "secret\n")
	for line, want := range map[string]string{
		"text: middle":                    `serve.yaml:3: key "text": found "middle", expected last, first, users or all`,
		"text: raw":                       `serve.yaml:3: key "text": found "raw", expected last, first, users or all`,
		"drop_tags: <note>":               `serve.yaml:3: key "drop_tags": found "<note>", expected the name of a tag, such as system-reminder`,
		"drop_tags: [a, b c]":             `found "a,b c", expected the name of a tag`,
		"drop_tags: [a, system-reminder]": "",
		"drop_tags: \"\"":                 "",
		"max_text: 0":                     `serve.yaml:3: key "max_text": found 0, expected at least 1`,
		"max_text: 1":                     "",
		"default_side: left":              `found "left", expected strong or weak`,
		"threshold: .nan":                 ``,
		"threshold: NaN":                  `found NaN, expected a number or an infinity`,
		"explore: 1.5":                    `found 1.5, expected a number in [0,1]`,
		"strong_fraction: 30":             `found 30, expected a number in [0,1]`,
		"max_body: 0":                     `found 0, expected at least 1`,
		"header_timeout: 0s":              `found 0s, expected a duration above 0`,
		"log_keep: -1":                    `found -1, expected at least 0`,
		"log_max_mb: 0":                   `found 0, expected at least 1`,
		"breaker_failures: 0":             `found 0, expected at least 1`,
		"breaker_rate: 1.5":               `found 1.5, expected a number in [0,1]`,
		"breaker_rate: 0":                 "",
		"breaker_volume: 0":               `found 0, expected at least 1`,
		"breaker_trials: 0":               `found 0, expected at least 1`,
		"max_connections: -1":             `found -1, expected at least 1`,
		"weak_key_env: TEST_CONFIG_LINES": `serve.yaml:3: key "weak_key_env": the environment variable "TEST_CONFIG_LINES" contains a control character such as a line break: remove it from the key`,
		"weak_key_env: TEST_CONFIG_NONE":  `serve.yaml:3: key "weak_key_env": the environment variable "TEST_CONFIG_NONE" is not set`,
		"weak_key_env: TEST_CONFIG_KEY":   "",
		"listen: \"6060\"":                `found "6060", expected HOST:PORT`,
		"listen: :6060":                   `":6060" can be reached from other machines`,
		"listen: 10.0.0.1:6060":           `can be reached from other machines`,
		"listen: example.org:6060":        `can be reached from other machines`,
		"listen: localhost:1":             "",
		"listen: 127.9.9.9:1":             "",
		"listen: :1\ninsecure: true":      "",
		"listen: :1\napi_key_file: keys":  "",
		"forward_client_key: true\nweak_key_env: TEST_CONFIG_KEY": `conflicts with forward_client_key`,
		"forward_client_key: true\napi_key_file: keys":            `conflicts with api_key_file`,
	} {
		c, o, err := load(t, models+line+"\n", nil)
		if line == "threshold: .nan" {
			if err == nil || !strings.Contains(err.Error(), "expected a number") {
				t.Errorf("%s: error %v", line, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		err = c.Check(o)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, expected %s", line, err, want)
		}
	}
	c, o, _ := load(t, "strong: a@http://h\n", nil)
	if err := c.Check(o); err == nil || err.Error() != "--weak is missing" || len(hint.Of(err)) != 2 {
		t.Errorf("error %v", err)
	}
}

// What is wrong with both sides is always told of the strong one first.
func TestCheckOrder(t *testing.T) {
	for range 50 {
		var c Config
		if err := c.Check(nil); err == nil || err.Error() != "--strong is missing" {
			t.Fatalf("error %v, want that of strong", err)
		}
		c.Strong.KeyEnv, c.Weak.KeyEnv = "ROUTELLM_TEST_NONE", "ROUTELLM_TEST_NONE"
		if flag, err := c.checkKeys(); err == nil || flag != "strong-key-env" {
			t.Fatalf("error %v of %s, want that of strong-key-env", err, flag)
		}
	}
}

func TestModel(t *testing.T) {
	for _, text := range []string{"", "a", "a@", "@http://h", "a@ftp://h", "a@http://", "a@http://u:p@h", "a@http://h?k=v", "a@http://h#f", "a@http://h:x", "a@http://%zz"} {
		m := Model{Name: "old"}
		if err := m.Set(text); err == nil || m.Name != "old" {
			t.Errorf("%q: %v, %+v", text, err, m)
		}
	}
	var m Model
	if err := m.Set("a@http://h/x/v1/"); err != nil || m.String() != "a@http://h/x/v1" {
		t.Errorf("%v, %v", m.String(), err)
	}
}

func TestLoadHelps(t *testing.T) {
	for file, want := range map[string]string{"treshold: 2\n": "did you mean threshold?", "max-body: 2\n": "did you mean max_body?", "Log: x\n": "did you mean log?"} {
		if _, _, err := load(t, file, nil); !slices.Contains(hint.Of(err), want) {
			t.Errorf("%q: hints %q, expected %q", file, hint.Of(err), want)
		}
	}
	c, _, err := load(t, "cors_origins: https://a.example, https://b.example\n", map[string]string{"ROUTELLM_ALLOWED_HOSTS": "a,  b"})
	if err != nil || !slices.Equal(c.CORSOrigins, []string{"https://a.example", "https://b.example"}) || !slices.Equal(c.AllowedHosts, []string{"a", "b"}) {
		t.Errorf("%q, %q, %v: expected lists without the space after commas", c.CORSOrigins, c.AllowedHosts, err)
	}
}

func TestMisspelt(t *testing.T) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	new(Config).Add(flags)
	quiet := []string{"ROUTELLM_LOG=x", "ROUTELLM_SERVICE_HOST=10.0.0.1", "ROUTELLM_SERVICE_PORT_HTTP=80", "ROUTELLM_PORT=tcp://10.0.0.1:80", "ROUTELLM_PORT_80_TCP_ADDR=10.0.0.1", "THRESOLD=1", "ROUTELLM_OTHER=1"}
	if got := Misspelt(flags, quiet); got != nil {
		t.Errorf("warnings %q, expected none", got)
	}
	want := []string{"the environment variable ROUTELLM_CLIENT_THRESHOLD is no setting: did you mean ROUTELLM_CLIENT_THRESHOLDS?"}
	if got := Misspelt(flags, append(quiet, "ROUTELLM_CLIENT_THRESHOLD=false")); !slices.Equal(got, want) {
		t.Errorf("warnings %q, expected %q", got, want)
	}
}
