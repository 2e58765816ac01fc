package linear

import (
	"context"
	"testing"

	"github.com/routellm/routellm/routers/internal/pooltest"
	"github.com/routellm/routellm/routers/training"
)

func TestRouter(t *testing.T) {
	pooltest.Check(t, pooltest.Router{
		Train: func(ctx context.Context, o *training.Outcomes, options training.Options) (pooltest.Model, training.Validation, error) {
			return Train(ctx, o, Options{Options: options})
		},
		Open:     func(path string) (pooltest.Model, error) { return Open(path) },
		Optional: []string{"mean_cost", "log_cost"},
	})
}
