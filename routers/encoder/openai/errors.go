package openai

import (
	"context"
	"fmt"
	"net/http"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/internal/modelserver"
)

// address is where requests go, without a password.
func (e *Encoder) address() string { return e.url.JoinPath("embeddings").Redacted() }

// malformed is the error about an answer that was received but is not usable.
func (e *Encoder) malformed(err error) error {
	return fmt.Errorf("answer of %q: %w", e.address(), err)
}

// unreachable is the error where there was no whole answer.
func (e *Encoder) unreachable(ctx context.Context, err error) error {
	return modelserver.Unreachable(ctx, e.address(), timeout, err)
}

// refused is the error about an answer whose status says that it is none, to the
// batch of count texts from first.
func (e *Encoder) refused(r *http.Response, first, count int) error {
	err, hints := modelserver.Refused(e.address(), e.options.Key, r), modelserver.Hints(r, e.options.Model)
	if hints == nil || r.StatusCode >= http.StatusInternalServerError { // it may be about the texts
		err = &encoder.BatchError{First: first, Count: count, Err: err}
	}
	if hints == nil {
		hints = []string{"a prompt may be longer than the model takes"}
	}
	return hint.With(err, hints...)
}
