package cmdutil

import (
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"unicode"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

// usualKeys names the environment variables with the keys of two companies' servers. A key is
// never sent to another host unless a flag says so.
var usualKeys = map[string]string{"api.openai.com": "OPENAI_API_KEY", "api.anthropic.com": "ANTHROPIC_API_KEY"}

// setKeys gives the models their keys. Errors name places, and never what they hold.
func (o *AskFlags) setKeys(models []chat.Endpoint) error {
	env, err := labelled("key-env", o.keyEnv, models)
	if err != nil {
		return err
	}
	files, err := labelled("key-file", o.keyFile, models)
	if err != nil {
		return err
	}
	for i := range models {
		m := &models[i]
		name, inEnv := env[m.Label]
		path, inFile := files[m.Label]
		switch {
		case inEnv && inFile:
			return fmt.Errorf("--key-env and --key-file are both given for %q: want one of them", m.Label)
		case inEnv:
			m.Key, err = keyFromEnv(m.Label, name)
		case inFile:
			m.Key, err = keyFromFile(path)
		default:
			m.Key, err = usualKey(*m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// plainName matches the usual names of environment variables. Others may be keys in a wrong place.
var plainName = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)

func keyFromEnv(label, name string) (string, error) {
	key, shown := os.Getenv(name), name
	if !plainName.MatchString(name) {
		shown = "that it names"
	}
	if key == "" {
		return "", hint.With(fmt.Errorf("--key-env %s=...: the environment variable %s is not set", label, shown),
			"it takes the name of the variable, and not the key itself")
	}
	return key, checkKey(fmt.Sprintf("--key-env %s=...", label), key)
}

func keyFromFile(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("--key-file: %q: %w", path, fault.Cause(err))
	}
	key := strings.TrimSpace(string(data))
	return key, checkKey(fmt.Sprintf("--key-file: %q", path), key)
}

// checkKey refuses what no header can hold.
func checkKey(place, key string) error {
	if key == "" || strings.ContainsFunc(key, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r > unicode.MaxASCII }) {
		return fmt.Errorf("%s: expected a key on one line, without spaces", place)
	}
	return nil
}

// usualKey returns the key of a server whose company's variable has it, and "" for other servers.
func usualKey(m chat.Endpoint) (string, error) {
	u, err := url.Parse(m.URL)
	if err != nil {
		return "", nil // which chat.New says better
	}
	name, known := usualKeys[u.Hostname()]
	if !known {
		return "", nil
	}
	if os.Getenv(name) == "" {
		return "", hint.With(fmt.Errorf("no key for %q: the environment variable %s is not set", m.Label, name),
			fmt.Sprintf("--key-env %s=NAME names another variable, --key-file %s=PATH a file", m.Label, m.Label))
	}
	return os.Getenv(name), checkKey("environment variable "+name, os.Getenv(name))
}
