package config

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/internal/hint"
)

// Check returns an error for the first setting that is missing, out of range, or in
// conflict with another. The error says where the setting was found.
func (c *Config) Check(o Origins) error {
	for _, side := range []struct {
		flag  string
		model Model
	}{{"strong", c.Strong}, {"weak", c.Weak}} {
		if side.model.URL == nil {
			return hint.With(fmt.Errorf("--%s is missing", side.flag), "for example --strong gpt-4o@https://api.openai.com/v1 --weak llama@http://127.0.0.1:8080/v1")
		}
	}
	for _, check := range []func() (flag string, err error){c.checkChoices, c.checkNumbers, c.checkTimes, c.checkKeys, c.checkListen} {
		if flag, err := check(); err != nil {
			return o.Wrap(flag, err)
		}
	}
	return nil
}

func (c *Config) checkChoices() (string, error) {
	if _, err := prompttext.ParseMode(c.Text, false); err != nil {
		return "text", err
	}
	if c.DefaultSide != Strong && c.DefaultSide != Weak {
		return "default-side", fmt.Errorf("found %q, expected strong or weak", c.DefaultSide)
	}
	return "", nil
}

func (c *Config) checkNumbers() (string, error) {
	switch {
	case math.IsNaN(c.Threshold):
		return "threshold", errors.New("found NaN, expected a number or an infinity")
	case !(c.Fraction >= 0 && c.Fraction <= 1):
		return "strong-fraction", fmt.Errorf("found %v, expected a number in [0,1]", c.Fraction)
	case !(c.Explore >= 0 && c.Explore <= 1):
		return "explore", fmt.Errorf("found %v, expected a number in [0,1]", c.Explore)
	case c.MaxBody < 1:
		return "max-body", fmt.Errorf("found %d, expected at least 1", c.MaxBody)
	case c.BreakerFailures < 1:
		return "breaker-failures", fmt.Errorf("found %d, expected at least 1", c.BreakerFailures)
	case c.LogMaxMB < 1:
		return "log-max-mb", fmt.Errorf("found %d, expected at least 1", c.LogMaxMB)
	case c.LogKeep < 0:
		return "log-keep", fmt.Errorf("found %d, expected at least 0", c.LogKeep)
	}
	return "", nil
}

func (c *Config) checkTimes() (string, error) {
	for _, t := range []struct {
		flag  string
		value time.Duration
	}{
		{"connect-timeout", c.ConnectTimeout}, {"header-timeout", c.HeaderTimeout}, {"idle-timeout", c.IdleTimeout},
		{"client-timeout", c.ClientTimeout}, {"decision-timeout", c.DecisionTimeout}, {"drain-timeout", c.DrainTimeout},
		{"breaker-cooldown", c.BreakerCooldown},
	} {
		if t.value <= 0 {
			return t.flag, fmt.Errorf("found %v, expected a duration above 0", t.value)
		}
	}
	return "", nil
}

// checkKeys refuses environment variables without a usable key, and combinations that
// leave open which key a model gets.
func (c *Config) checkKeys() (string, error) {
	for _, key := range []struct{ flag, variable string }{{"strong-key-env", c.StrongKeyEnv}, {"weak-key-env", c.WeakKeyEnv}} {
		switch flag, variable := key.flag, key.variable; {
		case variable == "":
		case c.ForwardClientKey:
			return flag, errors.New("conflicts with forward-client-key, which sends the client's key to the models: drop one of them")
		case os.Getenv(variable) == "":
			return flag, fmt.Errorf("the environment variable %q is not set", variable)
		case strings.ContainsFunc(os.Getenv(variable), unicode.IsControl):
			return flag, fmt.Errorf("the environment variable %q contains a control character such as a line break: remove it from the key", variable)
		}
	}
	if c.ForwardClientKey && c.APIKeyFile != "" {
		return "forward-client-key", errors.New("conflicts with api-key-file: models do not know the keys in that file")
	}
	return "", nil
}

// checkListen refuses an address that other machines can reach, unless clients need keys
// or insecure is set.
func (c *Config) checkListen() (string, error) {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return "listen", fmt.Errorf("found %q, expected HOST:PORT, such as 127.0.0.1:6060", c.Listen)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return "listen", fmt.Errorf("found %q, expected a port from 0 to 65535", c.Listen)
	}
	if !c.Exposes(host) {
		return "", nil
	}
	return "listen", hint.With(fmt.Errorf("%q can be reached from other machines", c.Listen),
		"--api-key-file FILE admits only clients with a key", "--insecure admits every client, and you pay for their calls")
}

// Exposes reports whether a server on host would let other machines in without a key.
func (c *Config) Exposes(host string) bool {
	ip := net.ParseIP(host)
	local := host == "localhost" || ip != nil && ip.IsLoopback()
	return !local && c.APIKeyFile == "" && !c.Insecure
}

// APIKeys reads the clients' keys from APIKeyFile, which has one key per line. Empty lines
// and lines that begin with # are skipped. It returns nil if no file is set.
func (c *Config) APIKeys() ([]string, error) {
	if c.APIKeyFile == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(c.APIKeyFile)
	if err != nil {
		return nil, err
	}
	var keys []string
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for lines.Scan() {
		if key := strings.TrimSpace(lines.Text()); key != "" && key[0] != '#' {
			keys = append(keys, key)
		}
	}
	if lines.Err() != nil || len(keys) == 0 {
		return nil, fmt.Errorf("%q: found no key, expected one key per line", c.APIKeyFile)
	}
	return keys, nil
}
