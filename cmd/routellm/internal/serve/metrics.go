package serve

import (
	"net/http"
	"runtime"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/internal/version"
	"github.com/routellm/routellm/results"
)

// metrics holds the Prometheus metrics of a handler. Comments list the labels.
type metrics struct {
	handler http.Handler // answers GET /metrics

	requests                        *prometheus.CounterVec // endpoint, router, decision, status
	rejected                        *prometheus.CounterVec // status
	passed                          *prometheus.CounterVec // endpoint, side, status
	fallbacks                       *prometheus.CounterVec // from
	upstreamErrors                  *prometheus.CounterVec // side, kind
	limited                         *prometheus.CounterVec // side, reason
	refusals                        *prometheus.CounterVec // side, status
	tokens                          *prometheus.CounterVec // side, direction
	noText, routerErrors, logErrors prometheus.Counter
	bodiesFull                      prometheus.Counter
	prompts                         *prometheus.CounterVec // router, unlike
	feedback                        *prometheus.CounterVec // verdict
	cost, costUnknown               *prometheus.CounterVec // side
	escalations                     prometheus.Counter
	reloads                         *prometheus.CounterVec // result
	inFlight                        prometheus.Gauge
	decisions                       prometheus.Histogram
	firstByte, latency              *prometheus.HistogramVec // side
	cascades                        *prometheus.HistogramVec // outcome
}

// gauge is a number that is asked for whenever the metrics are.
type gauge struct {
	name, help string
	value      func() int64
}

// registry makes metrics and registers them.
type registry struct{ *prometheus.Registry }

func (r registry) counter(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "routellm", Name: name, Help: help}, labels)
	r.MustRegister(c)
	return c
}

func (r registry) seconds(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "routellm", Name: name, Help: help, Buckets: buckets}, labels)
	r.MustRegister(v)
	return v
}

func (r registry) gauge(name, help string, labels prometheus.Labels, value func() float64) {
	r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "routellm", Name: name, Help: help, ConstLabels: labels}, value))
}

// newMetrics registers all metrics. breakers returns the names of the upstreams with 1 for those
// whose circuit breaker is open and 0 for the others.
func newMetrics(breakers func() map[string]float64, gauges []gauge) *metrics {
	r := registry{prometheus.NewRegistry()}
	r.MustRegister(buildInfo(), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	waits := prometheus.ExponentialBuckets(0.005, 2, 16) // up to 164 s
	m := &metrics{
		requests:       r.counter("requests_total", "Routed requests that have finished.", "endpoint", "router", "decision", "status"),
		rejected:       r.counter("rejected_total", "Requests refused before any model saw them.", "status"),
		passed:         r.counter("passed_total", "Requests passed on for which no model generates an answer, such as embeddings.", "endpoint", "side", "status"),
		fallbacks:      r.counter("fallbacks_total", "Requests sent to another model after the one in from failed.", "from"),
		upstreamErrors: r.counter("upstream_errors_total", "Failures of the models' servers.", "side", "kind"),
		refusals:       r.counter("upstream_refusals_total", "Answers of models' servers that refuse every request, for their key, their credit or the model's name.", "side", "status"),
		limited:        r.counter("limited_total", "Requests that the model of a side cannot take: too long, with images or tools, or in another API.", "side", "reason"),
		tokens:         r.counter("tokens_total", "Tokens reported by the models.", "side", "direction"),
		noText:         r.counter("no_text_total", "Requests without a text, sent to the default side.").WithLabelValues(),
		routerErrors:   r.counter("router_errors_total", "Requests for which the router returned no score, sent to the default side.").WithLabelValues(),
		logErrors:      r.counter("log_errors_total", "Records that could not be written to the decision log.").WithLabelValues(),
		bodiesFull:     r.counter("bodies_full_total", "Requests refused because of max_bodies.").WithLabelValues(),
		cost:           r.counter("cost_usd_total", "Cost of the answers in US dollars, by their tokens and the setting prices.", "side"),
		costUnknown:    r.counter("cost_unknown_total", "Answers whose model reported no tokens, so that their cost is not known.", "side"),
		prompts:        r.counter("prompts_total", "Routed requests whose prompt the router could compare with those that it was trained on.", "router", "unlike"),
		feedback:       r.counter("feedback_total", "Feedback from clients: up, down or quality, a number.", "verdict"),
		escalations:    r.counter("escalations_total", "Conversations that a later turn moved to a stronger model.").WithLabelValues(),
		reloads:        r.counter("reloads_total", "Attempts to reload the settings.", "result"),
		decisions:      r.seconds("decision_seconds", "Time to encode and score a text.", prometheus.ExponentialBuckets(5e-6, 2, 20)).WithLabelValues().(prometheus.Histogram),
		firstByte:      r.seconds("first_byte_seconds", "Time from the request to the answer's first byte.", waits, "side"),
		latency:        r.seconds("request_seconds", "Time from the request to the answer's last byte.", waits, "side"),
		cascades:       r.seconds("cascade_seconds", "Time from the request until a cascade had judged the weak model's answer.", waits, "outcome"),
		inFlight:       prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "routellm", Name: "in_flight", Help: "Requests being answered now."}),
	}
	r.MustRegister(m.inFlight)
	for _, g := range gauges {
		r.gauge(g.name, g.help, nil, func() float64 { return float64(g.value()) })
	}
	r.MustRegister(perSide{prometheus.NewDesc("routellm_breaker_open", "1 while the circuit breaker keeps requests from a model.", []string{"side"}, nil), breakers})
	m.handler = promhttp.HandlerFor(r, promhttp.HandlerOpts{})
	return m
}

// begin starts the upstreams' counters of rare events at 0, so that Prometheus sees the first event
// as an increase.
func (m *metrics) begin(upstreams []config.Named) {
	reasons := []results.Reason{results.ReasonMaxChars, results.ReasonImages, results.ReasonTools, results.ReasonAPI}
	for _, u := range upstreams {
		m.fallbacks.WithLabelValues(u.Side)
		for _, reason := range reasons {
			m.limited.WithLabelValues(u.Side, string(reason))
		}
	}
}

// perSide is a gauge with a value per upstream, of which a reload may bring others.
type perSide struct {
	desc   *prometheus.Desc
	values func() map[string]float64
}

// Describe sends what the gauge is.
func (g perSide) Describe(to chan<- *prometheus.Desc) { to <- g.desc }

// Collect sends the values.
func (g perSide) Collect(to chan<- prometheus.Metric) {
	for side, value := range g.values() {
		to <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, value, side)
	}
}

// buildInfo returns the metric that says which program this is; its value is always 1.
func buildInfo() prometheus.Collector {
	g := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: "routellm", Name: "build_info", Help: "Always 1; the labels say which program this is.",
		ConstLabels: prometheus.Labels{"version": version.String(), "revision": version.Revision(), "goversion": runtime.Version()},
	})
	g.Set(1)
	return g
}

// observe counts a finished request, which the upstream first was asked first and by answered.
func (m *metrics) observe(r *decisionlog.Record, first, by string) {
	m.requests.WithLabelValues(r.Endpoint, r.Router, first, strconv.Itoa(r.Status)).Inc()
	if r.Unlike != nil {
		m.prompts.WithLabelValues(r.Router, strconv.FormatBool(*r.Unlike)).Inc()
	}
	m.latency.WithLabelValues(by).Observe(r.LatencyS)
	if r.FirstByteS > 0 && r.Status < http.StatusInternalServerError {
		m.firstByte.WithLabelValues(by).Observe(r.FirstByteS)
	}
	if r.InputTokens != nil {
		m.tokens.WithLabelValues(by, "input").Add(float64(*r.InputTokens))
		m.tokens.WithLabelValues(by, "output").Add(float64(*r.OutputTokens))
	}
}
