package serve

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/conversation"
	"github.com/routellm/routellm/results"
)

// follow finds the conversation that a request belongs to, and the upstream that keeps what the
// request continues.
func (h *Handler) follow(c *call, model string) {
	t := &c.thread
	if id := c.continued(); id != "" {
		t.continues = true
		if made, ok := h.made(c, id); ok {
			t.bound, t.maker, t.key = true, made.Upstream, made.Conversation
		}
	}
	if t.key == (conversation.Key{}) && (c.Sticky == config.Conversation || h.records != nil) {
		t.key = conversationKey(c, model)
	}
	c.record.Conversation = t.key.String()
}

// seeks reports whether a request continues something that any of the upstreams may keep.
func (c *call) seeks() bool {
	return c.thread.continues && !c.thread.bound && c.decision.reason != results.ReasonDirect
}

// continued returns the id of what a model's server keeps and the request continues, or "". Only
// the Responses API keeps anything.
func (c *call) continued() string {
	if c.endpoint.Name != "" && !slices.Contains(c.endpoint.Keys, body.Input) {
		return ""
	}
	return cmp.Or(c.request.Thread.Previous, c.request.Thread.Conversation)
}

// answerKey returns the key of an answer, or of a conversation that a model's server keeps.
func answerKey(client, id string) conversation.Key {
	return conversation.KeyOf(0, "answer", client, id)
}

// conversationKey returns the key by what the request itself says about its conversation. Model
// names are not mixed: clients use several for work of different kinds.
func conversationKey(c *call, model string) conversation.Key {
	t, says := c.thread, c.request.Thread
	keyOf := func(kind string, parts ...string) conversation.Key {
		return conversation.KeyOf(c.ExploreSeed, kind, t.client, append(parts, model)...)
	}
	switch {
	case t.continues && says.Conversation != "":
		return keyOf("conversation", says.Conversation)
	case says.CacheKey != "" && c.StickyCacheKey:
		return keyOf("prompt_cache_key", says.CacheKey)
	case t.named != "":
		return keyOf("header", t.named)
	}
	opening := c.request.Opening()
	if opening == nil {
		return conversation.Key{}
	}
	return keyOf("opening", opening...)
}

// watch finds the id in an answer and keeps which upstream made the answer, so that requests that
// continue it go there.
func (h *Handler) watch(c *call, part []byte) {
	if c.record.Endpoint != "responses" || c.answerID.Over || c.record.Status >= http.StatusMultipleChoices {
		return
	}
	if _, _ = c.answerID.Write(part); c.answerID.ID == "" {
		return
	}
	made := conversation.Answer{Upstream: c.ids[c.by], Conversation: c.thread.key}
	for _, id := range []string{c.answerID.ID, c.request.Thread.Conversation} {
		if id != "" {
			h.table.Remember(answerKey(c.thread.client, id), made)
		}
	}
}

// made returns what is known about an answer to the client of a request, and false if this server
// has not seen the answer or has forgotten it.
func (h *Handler) made(c *call, id string) (conversation.Answer, bool) {
	a, ok := h.table.Answer(answerKey(c.thread.client, id))
	if !ok {
		return a, false
	}
	a.Upstream, ok = c.index(a.Upstream)
	return a, ok
}
