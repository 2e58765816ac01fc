package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// RouterModel is the model name to which the first router answers. The names of the other
// routers' models begin with [RouterPrefix].
const RouterModel, RouterPrefix = "routellm", "router-"

// Names returns the names under which clients may ask for the model itself: its own and its
// aliases.
func (u Named) Names() []string { return append([]string{u.Asked()}, u.Aliases...) }

// checkDirect refuses names of models that would leave open which model a client gets.
func (c *Config) checkDirect() (string, error) {
	owner := map[string]string{}
	for _, u := range c.Upstreams() {
		if !c.DirectModels && len(u.Aliases) > 0 {
			return u.wrong("alias", errors.New("is of no use without direct_models, which lets clients ask for the models themselves"))
		}
		if !c.DirectModels {
			continue
		}
		for i, name := range u.Names() {
			setting := ""
			if i > 0 {
				setting = "alias"
			}
			if err := checkName(name, owner[name]); err != nil {
				return u.wrong(setting, hint.With(err, "without direct_models, clients cannot ask for the models themselves, and names may be the same"))
			}
			owner[name] = u.Side
		}
	}
	return "", nil
}

// checkName refuses a model's name that another model or a router has. Owner is the side that
// has it already, or "".
func checkName(name, owner string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("found an empty name, expected one that clients can ask for")
	case name == RouterModel || strings.HasPrefix(name, RouterPrefix):
		return fmt.Errorf("%q is the name of a router, so clients could not ask for the model: expected another name", name)
	case owner != "":
		return fmt.Errorf("%q already names the %s model, so clients could not ask for this one: expected another name", name, owner)
	}
	return nil
}
