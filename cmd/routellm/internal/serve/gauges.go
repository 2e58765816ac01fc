package serve

// gauges returns the numbers of requests and conversations that the handler keeps.
func (h *Handler) gauges() []gauge {
	return []gauge{
		{"body_bytes", "Bytes of all requests under way.", h.bodies.Used},
		{"late_scorings", "Scorings that go on after decision_timeout.", h.scorings.late.Load},
		{"conversations", "Conversations that keep their side.", func() int64 { return int64(h.table.Len()) }},
	}
}
