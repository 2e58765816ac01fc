package causal

import (
	"context"
	"fmt"
	"net/http"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/internal/modelserver"
)

// address returns the URL of a request, without a password.
func (s *server) address(path string) string { return s.base.JoinPath(path).Redacted() }

// malformed returns an error for an answer that was received but is not usable.
func (s *server) malformed(path string, err error) error {
	return fmt.Errorf("answer from %q: %w", s.address(path), err)
}

// unreachable returns an error for an answer that did not arrive completely.
func (s *server) unreachable(ctx context.Context, path string, err error) error {
	return modelserver.Unreachable(ctx, s.address(path), s.options.Timeout, err)
}

// refused returns an error for an answer with an error status.
func (s *server) refused(path string, r modelserver.Reply) error {
	hints := modelserver.Hints(r, s.options.Model, "OPENAI_API_KEY")
	switch {
	case r.Status == http.StatusNotFound && s.options.API == LlamaCPP:
		hints = []string{fmt.Sprintf("the API %q needs a recent version of llama.cpp's own server", LlamaCPP)}
	case hints == nil:
		hints = []string{"the prompt may be too long for the model", "some servers report at most 5 tokens, others at most 20"}
	}
	return hint.With(modelserver.Refused(s.address(path), s.options.Key, r), hints...)
}
