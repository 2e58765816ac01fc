package serve

// breakers returns the names of the upstreams with 1 for those whose circuit breaker keeps requests
// from them and 0 for the others.
func (h *Handler) breakers() map[string]float64 {
	st, out := h.state.Load(), map[string]float64{}
	for i, u := range st.upstreams.All {
		out[st.name(i)] = 0
		if u.Open() {
			out[st.name(i)] = 1
		}
	}
	return out
}

// gauges returns the numbers of requests and conversations that the handler keeps.
func (h *Handler) gauges() []gauge {
	return []gauge{
		{"body_bytes", "Bytes of all requests under way.", h.bodies.Used},
		{"late_scorings", "Scorings that go on after decision_timeout.", h.scorings.late.Load},
		{"conversations", "Conversations that keep their side.", func() int64 { return int64(h.table.Len()) }},
	}
}
