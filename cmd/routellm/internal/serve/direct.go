package serve

import (
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
)

// direct finds the upstream whose model a client asks for by name.
func (st *state) direct(model string) (int, bool) {
	if !st.DirectModels {
		return 0, false
	}
	i := slices.IndexFunc(st.sides, func(u config.Named) bool { return slices.Contains(u.Names(), model) })
	return max(i, 0), i >= 0
}

// directNames returns the names of models that clients may ask for directly.
func (st *state) directNames() (names []string) {
	if st.DirectModels {
		for _, u := range st.sides {
			names = append(names, u.Names()...)
		}
	}
	return names
}
