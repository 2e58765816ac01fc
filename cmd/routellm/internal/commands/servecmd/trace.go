package servecmd

import (
	"context"
	"log/slog"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/tracing"
)

// flushTimeout limits the time for the last spans at shutdown.
const flushTimeout = 5 * time.Second

// trace makes the server send spans if the environment names a collector, and returns what sends
// the last ones. If that fails the server runs without spans, and says so.
func trace(ctx context.Context, log *slog.Logger, set *serve.Settings) (stop func()) {
	var err error
	if set.Tracer, err = tracing.New(ctx); err != nil {
		log.Warn("no spans are sent", "error", err)
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
		defer cancel()
		if err := set.Tracer.Close(ctx); err != nil {
			log.Warn("some spans were not sent", "error", err)
		}
	}
}
