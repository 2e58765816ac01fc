package cmdutil

import (
	"io"
	"testing"

	"github.com/spf13/cobra"
)

func TestRouterOptions(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	var o LLMFlags
	c := &cobra.Command{}
	o.Add(c)
	if err := c.ParseFlags([]string{"--onnxruntime", "lib.so", "--endpoint", "http://h/v1", "--llm", "m", "--llm-weights", "dir"}); err != nil {
		t.Fatal(err)
	}
	for _, keep := range []bool{false, true} {
		got, err := o.Registry(Streams{io.Discard, io.Discard}, keep)
		if err != nil || got.BERT.Library != "lib.so" || got.CausalWeights != "dir" || got.Causal.Model != "m" {
			t.Errorf("%+v, %v", got, err)
		}
		if (got.Causal.CacheDir != "") != keep || (got.Causal.Progress != nil) != keep {
			t.Errorf("keep %v: answers kept in %q, progress %v", keep, got.Causal.CacheDir, got.Causal.Progress != nil)
		}
	}
}
