// Package serve is the proxy: it takes requests as OpenAI's API does, lets a router
// decide which of two models should answer, and passes request and answer through.
package serve

import (
	"context"
	"os"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// Router scores one prompt at a time, from any number of goroutines.
type Router struct {
	Name string // as in router-NAME-THRESHOLD
	// Score returns a finite score, larger where the strong model is needed more. The id
	// is unique a request.
	Score func(ctx context.Context, id, text string) (float64, error)
}

// Settings are what a server runs with.
type Settings struct {
	config.Config
	Routers []Router // the first one, at Config.Threshold, answers to the name "routellm"
}

// state is what may change while the server runs. A request keeps the one that it
// began with.
type state struct {
	Settings
	keys keys
	pair upstream.Pair
}

func (s *Server) newState(set Settings) (*state, error) {
	texts, err := set.APIKeys()
	if err != nil {
		return nil, err
	}
	return &state{
		Settings: set, keys: newKeys(texts),
		pair: upstream.Pair{
			Strong:   upstream.New(s.upstream(set.Config, config.Strong, set.Strong, set.StrongKeyEnv)),
			Weak:     upstream.New(s.upstream(set.Config, config.Weak, set.Weak, set.WeakKeyEnv)),
			Fallback: set.Fallback,
		},
	}, nil
}

func (s *Server) upstream(c config.Config, side string, m config.Model, keyEnv string) upstream.Options {
	o := upstream.Options{
		Name: side, Model: m.Name, URL: m.URL,
		Connect: c.ConnectTimeout, Header: c.HeaderTimeout, Idle: c.IdleTimeout,
		Failures: c.BreakerFailures, Cooldown: c.BreakerCooldown,
		Changed: func(name, state string) { s.log.Warn("circuit breaker", "side", name, "state", state) },
	}
	if keyEnv != "" {
		o.Key = os.Getenv(keyEnv)
	}
	return o
}

// defaultModel is the name of the first router at its threshold.
const defaultModel = "routellm"

// named finds the router and threshold of a model's name.
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
		plain := !strings.ContainsAny(text, "_xX") // no number as in Go's source: 1_0, 0x1p3
		if err == nil && plain && t-t == 0 {       // no NaN, no infinity
			return r, t, true
		}
	}
	return Router{}, 0, false
}

// models are names that requests may have: the default's two, unless it has no threshold
// that can be written.
func (st *state) models() []string {
	names := []string{defaultModel}
	if st.Threshold-st.Threshold == 0 {
		names = append(names, "router-"+st.Routers[0].Name+"-"+strconv.FormatFloat(st.Threshold, 'g', -1, 64))
	}
	return names
}

// model is the name of a side's model.
func (st *state) model(strong bool) string { return st.pair.Side(strong).Model }

func side(strong bool) string {
	if strong {
		return config.Strong
	}
	return config.Weak
}
