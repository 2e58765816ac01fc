package serve

import (
	"crypto/tls"
	"log/slog"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
)

// state holds everything that may change while the server runs. A request keeps the state
// that it began with.
type state struct {
	Settings
	access      *access.Policy
	certificate *tls.Certificate          // nil without TLS
	sides       []config.Named            // the upstreams' settings, in the order of config.Config.Upstreams
	upstreams   upstream.Set              // the clients of the upstreams, in the same order
	routed      prompttext.RequestOptions // choice of the text that is routed
}

// newState returns the state for the given settings and keys. It reports to log when a
// circuit breaker opens or closes.
func newState(set Settings, keys Keys, log *slog.Logger) *state {
	changed := func(name, state string) { log.Warn("circuit breaker", "side", name, "state", state) }
	st := &state{Settings: set, access: policy(set.Config, keys), certificate: keys.Certificate, sides: set.Upstreams(), upstreams: upstream.Set{Fallback: set.Fallback}}
	st.routed = routedOf(set.Config)
	for _, u := range st.sides {
		st.upstreams.All = append(st.upstreams.All, upstream.New(upstreamOptions(set, u, keys.Models[u.Side], changed)))
	}
	return st
}

// upstreamOptions returns the options of one side's client.
func upstreamOptions(c Settings, u config.Named, key string, changed func(name, state string)) upstream.Options {
	return upstream.Options{
		Name: u.Side, Model: u.Name, URL: u.URL, Key: key, KeyHeader: u.KeyHeader, Query: u.Query,
		ClientKey: c.ForwardClientKey && key == "", Connections: c.Budget().Upstream,
		Connect: c.ConnectTimeout, Header: c.HeaderTimeout, Idle: c.IdleTimeout,
		Failures: c.BreakerFailures, Rate: c.BreakerRate, Volume: c.BreakerVolume, Window: c.BreakerWindow,
		Trials: c.BreakerTrials, Cooldown: c.BreakerCooldown,
		Changed: changed, Trace: traceUpstream(c.Tracer, u.Side, u.Name),
	}
}

// point is a router with a threshold.
type point struct {
	Router
	threshold float64
}

// named finds the router and the threshold that a model name stands for, if clients may ask for
// them.
func (st *state) named(model string) (r Router, threshold float64, ok bool) {
	if model == config.RouterModel {
		return st.Routers[0], st.Threshold, true
	}
	if p := st.spelled(model); p != nil && st.ClientThresholds.Has(p.threshold) {
		return p.Router, p.threshold, true
	}
	return Router{}, 0, false
}

// spelled returns the router and the threshold that a name spells out, or nil.
func (st *state) spelled(model string) *point {
	for _, r := range st.Routers {
		text, ok := strings.CutPrefix(model, config.RouterPrefix+r.Name+"-")
		if !ok {
			continue
		}
		t, err := strconv.ParseFloat(text, 64)
		plain := !strings.ContainsAny(text, "_xX") // ParseFloat also reads Go literals: 1_0, 0x1p3
		if err == nil && plain && num.Finite(t) {
			return &point{r, t}
		}
	}
	return nil
}

// models returns the model names to advertise: the default name, the name that spells its
// threshold out, if that is finite and clients may ask for it, and the names of models that clients
// may ask for directly.
func (st *state) models() []string {
	names := []string{config.RouterModel}
	if num.Finite(st.Threshold) && st.ClientThresholds.Has(st.Threshold) {
		names = append(names, config.RouterPrefix+st.Routers[0].Name+"-"+strconv.FormatFloat(st.Threshold, 'g', -1, 64))
	}
	return append(names, st.directNames()...)
}

// routerNames returns the names of the routers, as a choice.
func (st *state) routerNames() string {
	names := make([]string, len(st.Routers))
	for i, r := range st.Routers {
		names[i] = r.Name
	}
	return strings.Join(names, " or ")
}

// The upstreams of a pair, as indexes of state.upstreams.
const strong, weak = 0, 1

// side returns the name of the i-th upstream's side.
func (st *state) side(i int) results.Side { return results.Side(st.upstreams.All[i].Name) }

// model returns the name of the i-th upstream's model.
func (st *state) model(i int) string { return st.upstreams.All[i].Model }

// indexOf returns the upstream of a side.
func indexOf(side string) int {
	if side == config.Strong {
		return strong
	}
	return weak
}
