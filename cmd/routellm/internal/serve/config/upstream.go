package config

import (
	"fmt"

	"github.com/spf13/pflag"
)

// Upstream holds the settings of one upstream: a model, where it is served, and what it can do.
// Each is a flag with the side in front of its name, such as --weak-max-chars.
type Upstream struct {
	Model

	KeyEnv    string   // environment variable with the model's key, or ""
	KeyFile   string   // file with the model's key, or ""
	KeyHeader string   // header that takes the key, such as "api-key"; "authorization" takes it as a bearer token
	Query     string   // parameters that are added to every request's URL, such as "api-version=2024-10-21"
	APIs      []string // APIs that the server speaks: OpenAI, Anthropic

	MaxChars int  // largest request in code points of all its texts; 0 is no limit
	Images   bool // the model takes images
	Tools    bool // the model takes tools

	Aliases []string // further names under which clients may ask for the model itself
}

// The APIs that an upstream may speak.
const OpenAI, Anthropic = "openai", "anthropic"

// Upstreams returns the upstreams in their order with their names: the sides, or the models of
// [Config.Pool]. If one fails, the next one is asked, and after the last one the first.
func (c *Config) Upstreams() []Named {
	if c.Several() {
		return c.Pool.All
	}
	return []Named{{Strong, &c.Strong, false}, {Weak, &c.Weak, false}}
}

// Several reports whether the server chooses among the models of [Config.Pool].
func (c *Config) Several() bool { return len(c.Pool.All) > 0 }

// Named is an upstream with its name.
type Named struct {
	Side string // the side or, in a pool, the model as the artifact and the router name it
	*Upstream
	pooled bool
}

// Asked returns the name of the model for clients, logs and prices: the one at its server or, in a
// pool, the artifact's.
func (u Named) Asked() string {
	if u.pooled {
		return u.Side
	}
	return u.Name
}

// wrong returns the flag of one of the upstream's settings, "" for the model itself, with an error
// about it.
func (u Named) wrong(setting string, err error) (string, error) {
	switch {
	case u.pooled && setting == "":
		return poolFlag, fmt.Errorf("%q: %w", u.Side, err)
	case u.pooled:
		return poolFlag, fmt.Errorf("%s of %q: %w", poolKey(setting), u.Side, err)
	case setting == "":
		return u.Side, err
	}
	return u.Side + "-" + setting, err
}

// Key names one of the upstream's settings as files do.
func (u Named) Key(setting string) string {
	if u.pooled {
		return poolKey(setting) + " of " + u.Side
	}
	return u.Side + "_" + keyOf(setting)
}

// add defines the settings of one side as flags.
func (u *Upstream) add(side string, f *pflag.FlagSet) {
	f.Var(&u.Model, side, side+" model and where it is served (required unless upstreams are given)")
	f.StringVar(&u.KeyEnv, side+"-key-env", "", "environment `VARIABLE` with the "+side+" model's key")
	f.StringVar(&u.KeyFile, side+"-key-file", "", "`FILE` with the "+side+" model's key")
	f.StringVar(&u.KeyHeader, side+"-key-header", "authorization", "`HEADER` that takes the "+side+" model's key")
	f.StringVar(&u.Query, side+"-query", "", "`PARAMETERS` for every URL of the "+side+" model's server, such as api-version=2024-10-21")
	f.StringSliceVar(&u.APIs, side+"-apis", []string{OpenAI}, "`APIS` that the "+side+" model's server speaks: openai, anthropic")
	f.IntVar(&u.MaxChars, side+"-max-chars", 0, "most `CHARACTERS` that the "+side+" model takes, 0 for no limit")
	f.BoolVar(&u.Images, side+"-images", true, "the "+side+" model takes images and other media")
	f.BoolVar(&u.Tools, side+"-tools", true, "the "+side+" model takes tools")
	f.StringSliceVar(&u.Aliases, side+"-alias", nil, "further `NAME` of the "+side+" model, with direct-models")
}
