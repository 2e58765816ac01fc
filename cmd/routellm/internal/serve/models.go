package serve

import "net/http"

// modelEntry describes a model to clients. The last three fields are those of Anthropic's API.
type modelEntry struct {
	ID          string `json:"id"`
	Object      string `json:"object"`
	Created     int    `json:"created"`
	OwnedBy     string `json:"owned_by"`
	Type        string `json:"type,omitempty"`
	DisplayName string `json:"display_name,omitempty"`
	CreatedAt   string `json:"created_at,omitempty"`
}

// entryOf returns the description of a model in the form of the client's API.
func entryOf(r *http.Request, name string) modelEntry {
	e := modelEntry{ID: name, Object: "model", OwnedBy: "routellm"}
	if ofAnthropic(r) {
		e.Type, e.DisplayName, e.CreatedAt = "model", name, "1970-01-01T00:00:00Z"
	}
	return e
}

// listModels lists the model names that requests may use.
func (h *Handler) listModels(w http.ResponseWriter, r *http.Request) {
	list := []modelEntry{}
	for _, name := range h.state.Load().models() {
		list = append(list, entryOf(r, name))
	}
	answer := map[string]any{"object": "list", "data": list}
	if ofAnthropic(r) {
		answer["has_more"], answer["first_id"], answer["last_id"] = false, list[0].ID, list[len(list)-1].ID
	}
	writeJSON(w, http.StatusOK, answer)
}

// oneModel describes one model that requests may use, listed or not.
func (h *Handler) oneModel(w http.ResponseWriter, r *http.Request) {
	st, name := h.state.Load(), r.PathValue("id")
	_, _, routed := st.named(name)
	_, direct := st.direct(name)
	if !routed && !direct {
		status, e := st.modelError(name)
		h.reject(w, status, e)
		return
	}
	writeJSON(w, http.StatusOK, entryOf(r, name))
}
