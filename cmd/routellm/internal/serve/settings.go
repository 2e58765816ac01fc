// Package serve is a proxy with OpenAI's API: it lets a router decide which of two models
// should answer a request, and passes the request and the answer through.
//
// Call [NewHandler] for an [http.Handler], or [New] for a [Server], which also listens,
// reloads its [Settings] and drains. A [Router] scores prompts. Package config reads
// settings from flags, files and the environment; package decisionlog keeps a record per
// request.
package serve

import (
	"context"
	"os"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
	"github.com/routellm/routellm/internal/num"
)

// Router scores one prompt at a time. Score must be safe for concurrent use.
type Router struct {
	Name string // NAME in the model name router-NAME-THRESHOLD
	// Score returns a finite score, larger where the strong model is needed more. Each
	// request has its own id.
	Score func(ctx context.Context, id, text string) (float64, error)
}

// Settings are the options of a [Handler] or a [Server], without their keys.
type Settings struct {
	config.Config
	Routers []Router // one or more; the first, at Config.Threshold, answers to "routellm"
}

// Keys are the secrets of a [Handler].
type Keys struct {
	Strong, Weak string   // bearer tokens for the models' servers; "" sends none
	Clients      []string // keys that clients may present; if empty, every client is let in
}

// readKeys reads the keys that a configuration names: the models' from environment
// variables, the clients' from a file.
func readKeys(c *config.Config) (Keys, error) {
	clients, err := c.APIKeys()
	if err != nil {
		return Keys{}, err
	}
	variable := func(name string) string {
		if name == "" {
			return ""
		}
		return os.Getenv(name)
	}
	return Keys{Strong: variable(c.StrongKeyEnv), Weak: variable(c.WeakKeyEnv), Clients: clients}, nil
}

// state holds everything that may change while the server runs. A request keeps the state
// that it began with.
type state struct {
	Settings
	clients keyDigests
	pair    upstream.Pair
}

func (h *Handler) newState(set Settings, keys Keys) *state {
	return &state{
		Settings: set, clients: digestsOf(keys.Clients),
		pair: upstream.Pair{
			Strong:   upstream.New(h.upstream(set.Config, config.Strong, set.Strong, keys.Strong)),
			Weak:     upstream.New(h.upstream(set.Config, config.Weak, set.Weak, keys.Weak)),
			Fallback: set.Fallback,
		},
	}
}

func (h *Handler) upstream(c config.Config, side string, m config.Model, key string) upstream.Options {
	return upstream.Options{
		Name: side, Model: m.Name, URL: m.URL, Key: key,
		Connect: c.ConnectTimeout, Header: c.HeaderTimeout, Idle: c.IdleTimeout,
		Failures: c.BreakerFailures, Cooldown: c.BreakerCooldown,
		Changed: func(name, state string) { h.log.Warn("circuit breaker", "side", name, "state", state) },
	}
}

// defaultModel is the name under which the first router answers, at its own threshold.
const defaultModel = "routellm"

// named finds the router and the threshold that a model name stands for.
func (st *state) named(model string) (r Router, threshold float64, ok bool) {
	if model == defaultModel {
		return st.Routers[0], st.Threshold, true
	}
	for _, r := range st.Routers {
		text, ok := strings.CutPrefix(model, "router-"+r.Name+"-")
		if !ok {
			continue
		}
		t, err := strconv.ParseFloat(text, 64)
		plain := !strings.ContainsAny(text, "_xX") // ParseFloat also reads Go literals: 1_0, 0x1p3
		if err == nil && plain && num.Finite(t) {
			return r, t, true
		}
	}
	return Router{}, 0, false
}

// models returns the model names to advertise: the default name and, if the default
// threshold is finite, the name that spells it out.
func (st *state) models() []string {
	names := []string{defaultModel}
	if num.Finite(st.Threshold) {
		names = append(names, "router-"+st.Routers[0].Name+"-"+strconv.FormatFloat(st.Threshold, 'g', -1, 64))
	}
	return names
}

// model returns the name of a side's model.
func (st *state) model(strong bool) string { return st.pair.Side(strong).Model }

func side(strong bool) string {
	if strong {
		return config.Strong
	}
	return config.Weak
}
