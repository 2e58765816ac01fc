package cmdutil

import (
	"fmt"
	"net/url"
	"os"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/modelserver"
)

// usualKeys names the environment variables with the keys of two companies' servers. A key is
// never sent to another host unless a flag says so.
var usualKeys = map[string]string{"api.openai.com": "OPENAI_API_KEY", "api.anthropic.com": "ANTHROPIC_API_KEY"}

// setKeys gives the models their keys, and returns warnings. Errors name places, and never what
// they hold.
func (o *AskFlags) setKeys(models []chat.Endpoint) (warnings []string, err error) {
	env, err := labelled("key-env", o.keyEnv, models)
	if err != nil {
		return nil, err
	}
	files, err := labelled("key-file", o.keyFile, models)
	if err != nil {
		return nil, err
	}
	for i := range models {
		m, warning := &models[i], ""
		name, inEnv := env[m.Label]
		path, inFile := files[m.Label]
		switch {
		case inEnv && inFile:
			return nil, fmt.Errorf("--key-env and --key-file are both given for %q: want one of them", m.Label)
		case inEnv:
			if m.Key, err = modelserver.KeyFromEnv(name); err != nil {
				return nil, fmt.Errorf("--key-env of %q: %w", m.Label, err)
			}
		case inFile:
			if m.Key, warning, err = modelserver.KeyFromFile(path); err != nil {
				if cause := fault.Cause(err); cause != err {
					err = fmt.Errorf("%q: %w", path, cause)
				}
				return nil, fmt.Errorf("--key-file of %q: %w", m.Label, err)
			}
		default:
			if m.Key, err = usualKey(*m); err != nil {
				return nil, err
			}
		}
		if warning != "" {
			warnings = append(warnings, warning)
		}
	}
	return warnings, nil
}

// usualKey returns the key of a server whose company's variable has it, and "" for other servers.
func usualKey(m chat.Endpoint) (string, error) {
	u, err := url.Parse(m.URL)
	if err != nil {
		return "", nil // which chat.New says better
	}
	name, known := usualKeys[u.Hostname()]
	if !known || u.Scheme != "https" { // without TLS, whoever is on the way reads the key
		return "", nil
	}
	if os.Getenv(name) == "" {
		return "", hint.With(fmt.Errorf("no key for %q: the environment variable %q is not set", m.Label, name),
			fmt.Sprintf("--key-env %s=NAME names another variable, --key-file %s=PATH a file", m.Label, m.Label))
	}
	return modelserver.KeyFromEnv(name)
}
