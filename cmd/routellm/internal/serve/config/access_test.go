package config

import (
	"crypto/tls"
	"crypto/x509"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/internal/hint"
)

func TestThresholds(t *testing.T) {
	for text, c := range map[string]struct {
		written string
		has     []float64
		not     []float64
	}{
		"true":      {"true", []float64{-math.MaxFloat64, 0, math.MaxFloat64}, nil},
		"True":      {"true", []float64{0}, nil},
		"false":     {"false", nil, []float64{-math.MaxFloat64, 0, math.MaxFloat64}},
		"0.1..0.3":  {"0.1..0.3", []float64{0.1, 0.2, 0.3}, []float64{0.0999, 0.31, -math.MaxFloat64}},
		"-2..-1e-3": {"-2..-0.001", []float64{-2, -1}, []float64{0, -3}},
		"-Inf..5":   {"-Inf..5", []float64{-math.MaxFloat64, 5}, []float64{6}},
		"7..7":      {"7..7", []float64{7}, []float64{8}},
	} {
		var got Thresholds
		if err := got.Set(text); err != nil || got.String() != c.written {
			t.Errorf("%q: %v, %s", text, err, got.String())
		}
		var again Thresholds
		if err := again.Set(got.String()); err != nil || again != got {
			t.Errorf("%q is read again as %v: %v", text, again, err)
		}
		for _, v := range c.has {
			if !got.Has(v) {
				t.Errorf("%q: %v is refused", text, v)
			}
		}
		for _, v := range c.not {
			if got.Has(v) {
				t.Errorf("%q: %v is allowed", text, v)
			}
		}
	}
	for _, text := range []string{"", "0", "1", "0.1", "0.1..", "..0.3", "0.3..0.1", "NaN..1", "0.1...3x", "0.1-0.3", "low..high", "maybe"} {
		got := Thresholds{Low: 1, High: 2}
		if err := got.Set(text); err == nil || got != (Thresholds{Low: 1, High: 2}) {
			t.Errorf("%q: %v, %v", text, err, got)
		}
	}
}

// TestCheckAccess gives settings of who may come in, after two models.
func TestCheckAccess(t *testing.T) {
	t.Setenv("TEST_CONFIG_KEY", "k")
	for lines, want := range map[string]string{
		"client_thresholds: sometimes":                            `key "client_thresholds": found "sometimes", expected true, false, or the lowest and the highest threshold, such as 0.1..0.3`,
		"client_thresholds: 0.1..0.3":                             "",
		"client_thresholds: false":                                "",
		"client_thresholds: false\nrouter: [mf, knn]":             `key "client_thresholds": no client could ask for knn`,
		"weak_key_file: key":                                      "",
		"weak_key_file: key\nweak_key_env: TEST_CONFIG_KEY":       `key "weak_key_env": conflicts with weak_key_file`,
		"strong_key_file: key\nforward_client_key: true":          `key "strong_key_file": conflicts with forward_client_key`,
		"metrics_listen: 0.0.0.0:9090":                            "",
		"metrics_listen: \"9090\"":                                `key "metrics_listen": found "9090", expected HOST:PORT`,
		"metrics_listen: 127.0.0.1:6060":                          `key "metrics_listen": is the server's own address`,
		"allowed_hosts: [gateway.example, 10.0.0.7, \"fd00::1\"]": "",
		"allowed_hosts: http://gateway.example":                   `key "allowed_hosts": found "http://gateway.example", expected a host name`,
		"allowed_hosts: [a, \"b:80\"]":                            `key "allowed_hosts": found "b:80", expected a host name`,
		"allowed_hosts: 'a\"b'":                                   `key "allowed_hosts": found "a\"b", expected values with commas between them`,
		"cors_origins: [https://app.example, http://localhost:1]": "",
		"cors_origins: https://app.example/":                      `key "cors_origins": found "https://app.example/", expected an origin`,
		"cors_origins: \"*\"":                                     `key "cors_origins": * without keys`,
		"cors_origins: \"*\"\ninsecure: true":                     `key "cors_origins": * without keys`,
		"cors_origins: \"*\"\napi_key_file: keys":                 "",
		"tls_cert: a\ntls_key: b":                                 "",
		"tls_cert: a":                                             `key "tls_cert": is of no use without tls_key`,
		"tls_key: b":                                              `key "tls_key": is of no use without tls_cert`,
	} {
		c, o, err := load(t, models+lines+"\n", nil)
		if err == nil {
			err = c.Check(o)
		}
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, expected %s", lines, err, want)
		}
	}
	c, o, _ := load(t, models+"cors_origins: \"*\"\n", nil)
	if err := c.Check(o); len(hint.Of(err)) != 2 {
		t.Errorf("hints %q", hint.Of(err))
	}
}

// TestAlternativeKeys expects a key's file to override its variable from a later source.
func TestAlternativeKeys(t *testing.T) {
	c, _, err := load(t, models+"weak_key_env: A\nstrong_key_env: B\n", map[string]string{"ROUTELLM_WEAK_KEY_FILE": "f"})
	if err != nil || c.Weak.KeyEnv != "" || c.Weak.KeyFile != "f" || c.Strong.KeyEnv != "B" {
		t.Errorf("%+v, %v", c.Weak, err)
	}
}

func TestKeys(t *testing.T) {
	t.Setenv("TEST_CONFIG_KEY", "of-strong")
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"weak": "of-weak\n", "clients": "a k1\nk2\n", "metrics": "m1", "both": "m1\nk2", "empty": "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := Default()
	c.Strong.KeyEnv, c.Weak.KeyFile, c.APIKeyFile, c.MetricsKeyFile = "TEST_CONFIG_KEY", "weak", "clients", "metrics"
	k, flag, err := c.Keys()
	if err != nil || flag != "" || k.Models[Strong] != "of-strong" || k.Models[Weak] != "of-weak" || len(k.Clients) != 2 || k.Clients[0].Name != "a" || len(k.Metrics) != 1 || k.Certificate != nil {
		t.Errorf("%+v, %s, %v", k, flag, err)
	}
	for want, change := range map[string]func(*Config){
		"strong-key-env":   func(c *Config) { c.Strong.KeyEnv = "TEST_CONFIG_NONE" },
		"weak-key-file":    func(c *Config) { c.Weak.KeyFile = "empty" },
		"api-key-file":     func(c *Config) { c.APIKeyFile = "none" },
		"metrics-key-file": func(c *Config) { c.MetricsKeyFile = "both" },
		"tls-cert":         func(c *Config) { c.TLSCert, c.TLSKey = "weak", "weak" },
	} {
		wrong := c
		change(&wrong)
		if k, flag, err := wrong.Keys(); err == nil || flag != want || k.Models != nil || strings.Contains(err.Error(), "m1") || strings.Contains(err.Error(), "k2") {
			t.Errorf("%s: %+v, %s, %v", want, k, flag, err)
		}
	}
}

func TestWarnings(t *testing.T) {
	expired := &tls.Certificate{Leaf: &x509.Certificate{NotAfter: time.Unix(1, 0)}}
	valid := &tls.Certificate{Leaf: &x509.Certificate{NotAfter: time.Now().Add(time.Hour)}}
	for _, c := range []struct {
		lines       string
		certificate *tls.Certificate
		want        []string
	}{
		{"", nil, nil},
		{"listen: 0.0.0.0:6060\ninsecure: true", nil, []string{"0.0.0.0:6060: keys and prompts pass unencrypted"}},
		{"listen: :6060\napi_key_file: keys", nil, []string{"keys and prompts pass unencrypted"}},
		{"listen: :6060\napi_key_file: keys\ntls_cert: c\ntls_key: k", valid, nil},
		{"tls_cert: c\ntls_key: k", expired, []string{"c: the certificate is valid only from"}},
		{"metrics_listen: 0.0.0.0:9090", nil, nil},
		{"metrics_listen: 0.0.0.0:9090\nmetrics_key_file: k", nil, []string{"keys for the metrics pass unencrypted"}},
		{"forward_client_key: true", nil, []string{"forward_client_key sends the key of each client to both host and 127.0.0.1:8000"}},
		{"forward_client_key: true\nweak: b@https://host/v2", nil, nil},
		{"weak: b@http://gpu:8000\nweak_key_file: k", nil, []string{"keys pass unencrypted to gpu:8000"}},
		{"weak: b@http://gpu:8000", nil, nil},
	} {
		text := models
		if strings.Contains(c.lines, "weak: ") {
			text = "strong: big@https://host/v1\n"
		}
		config, _, err := load(t, text+c.lines+"\n", nil)
		if err != nil {
			t.Fatal(err)
		}
		got := config.Warnings(c.certificate)
		if len(got) != len(c.want) || len(got) > 0 && !strings.Contains(got[0], c.want[0]) {
			t.Errorf("%s: %q, expected %q", c.lines, got, c.want)
		}
	}
}
