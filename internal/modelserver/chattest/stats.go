package chattest

import "maps"

// Stats counts what the server did.
type Stats struct {
	Requests int              `json:"requests"` // Requests counts all requests for answers
	Answers  int              `json:"answers"`  // Answers counts those that were answered whole
	Faults   map[string]int   `json:"faults"`   // Faults counts the others by the fault's name or the status
	Models   map[string]Count `json:"models"`
}

// Count counts what a model was asked, and what that costs at [Options.Prices].
type Count struct {
	Answers      int     `json:"answers"`
	InputTokens  int     `json:"input_tokens"` // cached ones included
	CachedTokens int     `json:"cached_tokens"`
	OutputTokens int     `json:"output_tokens"`
	USD          float64 `json:"usd"`
	// LostUSD is the cost of answers that the model made and the client did not get whole. It is
	// not in USD.
	LostUSD float64 `json:"lost_usd"`
}

// of returns the cost of an answer in USD.
func (p Price) of(a Answer) float64 {
	return (p.Input*float64(a.Input-a.Cached) + p.Cached*float64(a.Cached) + p.Output*float64(a.Output)) / 1e6
}

// count counts a request. fault is "" for an answer that was sent whole.
func (s *Server) count(r Request, a Answer, fault string) {
	usd := s.price(r.Model).of(a)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Requests++
	m := s.stats.Models[r.Model]
	if fault != "" {
		s.stats.Faults[fault]++
		m.LostUSD += usd
		s.stats.Models[r.Model] = m
		return
	}
	s.stats.Answers++
	m.Answers++
	m.InputTokens, m.CachedTokens, m.OutputTokens = m.InputTokens+a.Input, m.CachedTokens+a.Cached, m.OutputTokens+a.Output
	m.USD += usd
	s.stats.Models[r.Model] = m
}

// Stats returns the counts so far.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.stats
	out.Faults, out.Models = maps.Clone(out.Faults), maps.Clone(out.Models)
	return out
}

// USD returns the cost of all answers that were sent whole.
func (s Stats) USD() float64 {
	sum := 0.0
	for _, m := range s.Models {
		sum += m.USD
	}
	return sum
}
