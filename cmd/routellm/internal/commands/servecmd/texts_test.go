package servecmd

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/harness"
)

// TestMaxTextOfRoute expects the same score from serve as from the route command, which has no
// limit of its own.
func TestMaxTextOfRoute(t *testing.T) {
	if got := config.Default().MaxText; got != harness.MaxText {
		t.Errorf("serve encodes %d characters, route %d", got, harness.MaxText)
	}
}

// TestClientTagsDocument checks that docs/serve-conversations.md has every tag that is dropped by
// default.
func TestClientTagsDocument(t *testing.T) {
	page, err := os.ReadFile("../../../../../docs/serve-conversations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range config.ClientTags {
		if !bytes.Contains(page, []byte("`"+tag+"`")) {
			t.Errorf("docs/serve-conversations.md does not have the tag %s", tag)
		}
	}
}

// TestDropTagsGiven expects an empty list to take the place of the default, as any other does.
func TestDropTagsGiven(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		args []string
		want []string
	}{
		{nil, config.ClientTags},
		{[]string{"--drop-tags", ""}, []string{}},
		{[]string{"--drop-tags", "a,b", "--drop-tags=c"}, []string{"a", "b", "c"}},
	} {
		o := options{}
		cmd := newCmd(cmdutil.Streams{}, nil)
		if err := cmd.ParseFlags(append([]string{"--strong", "a@http://h", "--weak", "b@http://h"}, c.args...)); err != nil {
			t.Fatal(err)
		}
		o.given = givenSettings(cmd.Flags())
		set, err := o.settings()
		if err != nil || !slices.Equal(set.DropTags, c.want) {
			t.Errorf("%v: %v, %v", c.args, set, err)
		}
	}
}
