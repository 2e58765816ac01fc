package openai

import (
	"context"
	"fmt"
	"net/http"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/internal/modelserver"
	"github.com/routellm/routellm/routers/encoder"
)

// address returns the URL of requests, without a password.
func (e *Encoder) address() string { return e.url.JoinPath("embeddings").Redacted() }

// malformed returns an error for an answer that was received but is not usable.
func (e *Encoder) malformed(err error) error {
	return fmt.Errorf("answer from %q: %w", e.address(), err)
}

// unreachable returns an error for an answer that did not arrive completely.
func (e *Encoder) unreachable(ctx context.Context, err error) error {
	return modelserver.Unreachable(ctx, e.address(), timeout, err)
}

// refused returns an error for an answer with an error status to the batch of count texts
// from first on.
func (e *Encoder) refused(r modelserver.Reply, first, count int) error {
	err, hints := modelserver.Refused(e.address(), e.options.Key, r), modelserver.Hints(r, e.options.Model, "OPENAI_API_KEY")
	if hints == nil || r.Status >= http.StatusInternalServerError { // the texts may be the cause
		err = &encoder.BatchError{First: first, Count: count, Err: err}
	}
	if hints == nil {
		hints = []string{"a prompt may be too long for the model"}
	}
	return hint.With(err, hints...)
}
