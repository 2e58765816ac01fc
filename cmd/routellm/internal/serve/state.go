package serve

import (
	"crypto/tls"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

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
	ids         []int                     // the upstreams' numbers in the table of conversations, in the same order
	standard    int                       // the upstream that answers without a text, or without what the router says
	upstreams   upstream.Set              // the clients of the upstreams, in the same order
	routed      prompttext.RequestOptions // choice of the text that is routed
	plain       atomic.Bool               // the weak model's server refuses log-probabilities, which a cascade needs
	uncounted   atomic.Bool               // it refuses token counts at the end of streams
}

// newState returns the state for the given settings and keys. It reports to log when a
// circuit breaker opens or closes.
func (h *Handler) newState(set Settings, keys Keys) *state {
	changed := func(name, state string) { h.log.Warn("circuit breaker", "side", name, "state", state) }
	st := &state{Settings: set, access: policy(set.Config, keys), certificate: keys.Certificate, sides: set.Upstreams(), upstreams: upstream.Set{Fallback: set.Fallback}}
	st.routed, st.standard = routedOf(set.Config), set.DefaultUpstream()
	for i, u := range st.sides {
		st.ids = append(st.ids, h.numbers.of(u.Side))
		o := upstreamOptions(set, u, keys.Models[u.Side], changed)
		if set.Several() {
			o.Place = i + 1
		}
		st.upstreams.All = append(st.upstreams.All, upstream.New(o))
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
		Changed: changed, Trace: traceUpstream(c.Tracer, u.Side, u.Asked()),
	}
}

// point is a router with a threshold or, among several models, lambda.
type point struct {
	Router
	threshold float64
}

// named finds the router and the threshold, or lambda, that a model name stands for, if clients may
// ask for them.
func (st *state) named(model string) (r Router, threshold float64, ok bool) {
	if model == config.RouterModel {
		return st.Routers[0], st.cut(), true
	}
	allowed := st.allowed()
	if p := st.spelled(model); p != nil && allowed.Has(p.threshold) {
		return p.Router, p.threshold, true
	}
	return Router{}, 0, false
}

// spelled returns the router and the threshold, or lambda, that a name spells out, or nil.
func (st *state) spelled(model string) *point {
	for _, r := range st.Routers {
		text, ok := strings.CutPrefix(model, config.RouterPrefix+r.Name+"-")
		if !ok {
			continue
		}
		t, err := strconv.ParseFloat(text, 64)
		plain := !strings.ContainsAny(text, "_xX") // ParseFloat also reads Go literals: 1_0, 0x1p3
		if err == nil && plain && num.Finite(t) && (t >= 0 || !st.Several()) {
			return &point{r, t}
		}
	}
	return nil
}

// models returns the model names to advertise: the default name, the name that spells its
// threshold or lambda out, if that is finite and clients may ask for it, and the names of models
// that clients may ask for directly.
func (st *state) models() []string {
	names, allowed := []string{config.RouterModel}, st.allowed()
	if num.Finite(st.cut()) && allowed.Has(st.cut()) {
		names = append(names, config.RouterPrefix+st.Routers[0].Name+"-"+strconv.FormatFloat(st.cut(), 'g', -1, 64))
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

// name returns the name of the i-th upstream for metrics and events: its side or, among several,
// its model.
func (st *state) name(i int) string { return st.sides[i].Side }

// side returns the i-th upstream's side; "" among several.
func (st *state) side(i int) results.Side {
	if st.Several() {
		return ""
	}
	return results.Side(st.sides[i].Side)
}

// model returns the name of the i-th upstream's model, for clients and logs.
func (st *state) model(i int) string { return st.sides[i].Asked() }

// indexOf returns the upstream of a name.
func (st *state) indexOf(name string) int {
	return slices.IndexFunc(st.sides, func(u config.Named) bool { return u.Side == name })
}
