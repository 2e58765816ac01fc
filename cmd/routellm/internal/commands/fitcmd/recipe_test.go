package fitcmd

import (
	"context"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// The command that fits a router again reads the same labels.
func TestRecipe(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "routellm fit --data a.parquet --parts 0.6,0.2,0.2 --seed 1"},
		{[]string{"--labels", "judged", "--pair", "big,small"}, "routellm fit --data a.parquet --labels judged --pair big,small --parts 0.6,0.2,0.2 --seed 1"},
	} {
		got := ""
		command := newCmd(cmdutil.Streams{}, func(_ context.Context, _ cmdutil.Streams, o options) error {
			got = o.recipe()
			return nil
		})
		command.SetArgs(append([]string{"--data", "a.parquet", "--out", "router"}, c.args...))
		if err := command.Execute(); err != nil || got != c.want {
			t.Errorf("%v: %q, %v, want %q", c.args, got, err, c.want)
		}
	}
}
