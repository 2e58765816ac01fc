package cmdutil

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/routers/bert"
	"github.com/routellm/routellm/routers/causal"
	"github.com/routellm/routellm/routers/encoder/cache"
	"github.com/routellm/routellm/routers/registry"
)

// LLMFlags are the flags for the routers causal_llm and bert.
type LLMFlags struct {
	Endpoint, LLM, API, Weights string
	Top                         int
	ONNXRuntime                 string
}

func (o *LLMFlags) Add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.Endpoint, "endpoint", "", "base `URL` of the server that causal_llm asks, with /v1 (key in OPENAI_API_KEY)")
	f.StringVar(&o.LLM, "llm", "", "its `MODEL`")
	f.StringVar(&o.API, "llm-api", causal.Chat, "chat, completions, or llamacpp: llama.cpp's own, which reports every label")
	f.StringVar(&o.Weights, "llm-weights", "", "`DIR` of the adapter that it has loaded (adapter.gguf, training.safetensors), for the record")
	f.IntVar(&o.Top, "llm-top", 0, "tokens that it reports probabilities of (default 20)")
	f.StringVar(&o.ONNXRuntime, "onnxruntime", "", "`FILE` of ONNX Runtime, which bert:DIR runs in (default $ROUTELLM_ONNXRUNTIME, or found)")
}

// Wrong is the first flag that makes no sense, and why.
func (o LLMFlags) Wrong() (flag string, err error) {
	const least = 5 // one token a label
	switch {
	case o.Endpoint != "" && !isAddress(o.Endpoint):
		return "endpoint", errAddress
	case o.API != "" && !slices.Contains([]string{causal.Chat, causal.Completions, causal.LlamaCPP}, o.API):
		return "llm-api", fmt.Errorf("found %q, expected chat, completions or llamacpp", o.API)
	case o.Top != 0 && o.Top < least:
		return "llm-top", fmt.Errorf("found %d, expected 0, the default, or at least %d", o.Top, least)
	case o.Weights != "" && !isFile(filepath.Join(o.Weights, "adapter.gguf")):
		return "llm-weights", fmt.Errorf("found %q, expected a folder with adapter.gguf", o.Weights)
	case o.ONNXRuntime != "" && !isFile(o.ONNXRuntime):
		return "onnxruntime", fmt.Errorf("found %q, expected a file", o.ONNXRuntime)
	}
	return "", nil
}

// isFile reports whether there is a file, not a folder, of that name.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// Registry are the options for the registry. Where keep is set, answers are kept, and it is
// shown how many there are: not for single prompts, which would become a file each.
func (o LLMFlags) Registry(s Streams, keep bool) (registry.Options, error) {
	out := causal.Options{
		Endpoint: o.Endpoint, Model: o.LLM, Key: os.Getenv("OPENAI_API_KEY"), API: o.API, Top: o.Top,
	}
	if keep {
		out.Progress = Progress(s.Err, "asking")
	}
	if keep && o.Endpoint != "" { // without one there is no need of a cache folder, nor may there be one
		var err error
		if out.CacheDir, err = cache.DefaultDir(); err != nil {
			return registry.Options{}, fault.Wrap(err)
		}
	}
	return registry.Options{Causal: out, CausalWeights: o.Weights, BERT: bert.Options{Library: o.ONNXRuntime}, Embedded: benchmarks.Scores}, nil
}
