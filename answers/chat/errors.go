package chat

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/routellm/routellm/internal/complaint"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/modelserver"
)

// Refused is a server's refusal of one request.
type Refused struct {
	Status int // Status is 0 if the request was not even sent
	Err    error
}

// Error returns the reason.
func (r *Refused) Error() string { return r.Err.Error() }

// Unwrap returns the reason.
func (r *Refused) Unwrap() error { return r.Err }

// Fault is a failure that is not the request's, after all retries.
type Fault struct {
	Status int  // Status is 0 if no answer arrived, and 200 if one arrived that cannot be used
	Final  bool // Final says that every other request will fail too, because of the key, the model, the address or a setting
	Err    error
}

// Error returns the reason.
func (f *Fault) Error() string { return f.Err.Error() }

// Unwrap returns the reason.
func (f *Fault) Unwrap() error { return f.Err }

// failed returns an error for an answer with an error status.
func (c *Client) failed(r Request, reply modelserver.Reply) error {
	said, status := complaint.Read(reply.Body), reply.Status
	err := modelserver.Refused(c.address(), c.endpoint.Key, reply)
	refused := func(hints ...string) error { return &Refused{status, hint.With(err, hints...)} }
	final := func(hints ...string) error { return &Fault{status, true, hint.With(err, hints...)} }
	switch {
	case status < http.StatusBadRequest:
		return final("the URL may have moved: the server names " + fmt.Sprintf("%q", modelserver.Redact(reply.Header.Get("Location"), c.endpoint.Key)))
	case status == http.StatusRequestEntityTooLarge || said.TooLong():
		return refused("the conversation and the answer must fit into the model's context")
	case said.Credential() || status == http.StatusUnauthorized || status == http.StatusPaymentRequired || status == http.StatusForbidden && !said.Flagged():
		return final(c.keyHint())
	case said.Unable(r.hasParts(), false):
		return refused("the model does not take a part of the prompt, such as an image")
	case said.UnknownModel() || status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusGone:
		return final(fmt.Sprintf("check that the server has the model %q", c.endpoint.Model), "most addresses end in /v1")
	case said.OutOfQuota():
		return final("the account has no credit left: waiting does not help")
	case status == http.StatusTooManyRequests || status >= http.StatusInternalServerError || status == http.StatusRequestTimeout || status == http.StatusConflict:
		return &Fault{status, false, hint.With(err, modelserver.Hints(reply, c.endpoint.Model, "the key")...)}
	case said.Flagged():
		return refused("the server's filter does not let the prompt through")
	}
	if name := blamed(said, r.Settings); name != "" {
		return final(fmt.Sprintf("the model does not take this %s: change it or leave it out", name))
	}
	return refused()
}

// hasParts reports whether a message is more than text.
func (r Request) hasParts() bool {
	return slices.ContainsFunc(r.Messages, func(m Message) bool { return len(m.Parts) > 0 })
}

func (c *Client) keyHint() string {
	if c.endpoint.Key == "" {
		return fmt.Sprintf("no key was sent for %q: give it by the name of an environment variable, or in a file", c.endpoint.Label)
	}
	return fmt.Sprintf("check the key of %q: it is wrong, not for this model, or its account has no credit", c.endpoint.Label)
}
