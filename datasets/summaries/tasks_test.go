package summaries_test

import (
	"context"
	"slices"
	"testing"

	"github.com/routellm/routellm/datasets/summaries"
)

// TestTaskNull expects a task with the name null to be one of its own.
func TestTaskNull(t *testing.T) {
	got, err := summaries.Read(context.Background(), write(t, "task,"+head+"null,1,0,1,4,4,1,3\n,1,0,1,4,4,1,3\nlaw,1,0,1,4,4,1,3\n"), summaries.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if tasks := got.Routers[0].Summary.Tasks; !slices.Equal(tasks, []string{"", "law", "null"}) {
		t.Errorf("tasks %q", tasks)
	}
}
