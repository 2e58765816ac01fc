package chattest

import (
	"crypto/sha256"
	"encoding/binary"
	"net/http"
	"slices"
	"time"
)

// modelList answers GET /v1/models.
func (s *Server) modelList() any {
	list := []map[string]string{}
	for name := range s.options.Models {
		if name != "" {
			list = append(list, map[string]string{"id": name, "object": "model"})
		}
	}
	slices.SortFunc(list, func(a, b map[string]string) int { return compare(a["id"], b["id"]) })
	return map[string]any{"object": "list", "data": list}
}

// sleep waits, and reports whether the client is still there.
func sleep(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	select {
	case <-time.After(d):
		return true
	case <-r.Context().Done():
		return false
	}
}

func (s *Server) price(model string) Price {
	if p, ok := s.options.Prices[model]; ok {
		return p
	}
	return s.options.Prices[""]
}

// find returns the value of a name, or that of "".
func find(models map[string]Model, name string) Model {
	if m := models[name]; m != nil {
		return m
	}
	return models[""]
}

// Uniform returns a number in [0,1) that depends only on a digest: a source of errors at a known
// rate.
func Uniform(digest [sha256.Size]byte) float64 {
	return float64(binary.BigEndian.Uint64(digest[:8])>>11) / (1 << 53)
}
