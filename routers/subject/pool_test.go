package subject

import (
	"context"
	"testing"

	"github.com/routellm/routellm/routers/internal/pooltest"
	"github.com/routellm/routellm/routers/training"
)

func TestPool(t *testing.T) {
	pooltest.Check(t, pooltest.Router{
		Train: func(ctx context.Context, o *training.Outcomes, options training.Options) (pooltest.Model, training.Validation, error) {
			return TrainPool(ctx, o, options)
		},
		Open:     func(path string) (pooltest.Model, error) { return OpenPool(path) },
		Optional: []string{"mean_cost"},
	})
}
