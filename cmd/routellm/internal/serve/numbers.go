package serve

import (
	"sync"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/conversation"
)

// numbers gives each upstream a number by its name. The table of conversations has these numbers, so
// that it survives a reload that adds, removes or reorders upstreams. The zero value is ready to use.
type numbers struct {
	mu sync.Mutex
	by map[string]int
}

// of returns the number of an upstream's name. Those of a pair are its indexes.
func (n *numbers) of(name string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.by == nil {
		n.by = map[string]int{config.Strong: strong, config.Weak: weak}
	}
	number, ok := n.by[name]
	if !ok {
		number = len(n.by)
		n.by[name] = number
	}
	return number
}

// index returns the upstream with a number, and false if there is none any more.
func (st *state) index(number int) (int, bool) {
	for i, n := range st.ids {
		if n == number {
			return i, true
		}
	}
	return 0, false
}

// remembered returns an entry as the table keeps it.
func (st *state) remembered(e conversation.Entry) conversation.Entry {
	e.Upstream, e.Greedy = st.ids[e.Upstream], st.ids[e.Greedy]
	return e
}

// recalled returns an entry of the table with indexes of upstreams, and false if its upstream is
// gone.
func (st *state) recalled(e conversation.Entry) (conversation.Entry, bool) {
	i, ok := st.index(e.Upstream)
	if !ok {
		return e, false
	}
	e.Upstream = i
	if e.Greedy, ok = st.index(e.Greedy); !ok {
		e.Greedy = i
	}
	return e, true
}
