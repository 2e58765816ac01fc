package cli

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/routers/bert"
	"github.com/routellm/routellm/routers/causal"
	"github.com/routellm/routellm/routers/encoder/cache"
	"github.com/routellm/routellm/routers/registry"
)

// llmOptions are the flags for the routers causal_llm and bert.
type llmOptions struct {
	Endpoint, LLM, API, Weights string
	Top                         int
	ONNXRuntime                 string
}

func (o *llmOptions) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.Endpoint, "endpoint", "", "base `URL` of the server that causal_llm asks, with /v1 (key in OPENAI_API_KEY)")
	f.StringVar(&o.LLM, "llm", "", "its `MODEL`")
	f.StringVar(&o.API, "llm-api", causal.Chat, "chat, completions, or llamacpp: llama.cpp's own, which reports every label")
	f.StringVar(&o.Weights, "llm-weights", "", "`DIR` of the adapter that it has loaded (adapter.gguf, training.safetensors), for the record")
	f.IntVar(&o.Top, "llm-top", 0, "tokens that it reports probabilities of (default 20)")
	f.StringVar(&o.ONNXRuntime, "onnxruntime", "", "`FILE` of ONNX Runtime, which bert:DIR runs in (default $ROUTELLM_ONNXRUNTIME, or found)")
}

// routers are the options for the registry. Where keep is set, answers are kept, and it is
// shown how many there are: not for single prompts, which would become a file each.
func (o llmOptions) routers(s streams, keep bool) (registry.Options, error) {
	out := causal.Options{
		Endpoint: o.Endpoint, Model: o.LLM, Key: os.Getenv("OPENAI_API_KEY"), API: o.API, Top: o.Top,
	}
	if keep {
		out.Progress = newProgress(s.err, "asking")
	}
	if keep && o.Endpoint != "" { // without one there is no need of a cache folder, nor may there be one
		var err error
		if out.CacheDir, err = cache.DefaultDir(); err != nil {
			return registry.Options{}, failure{err}
		}
	}
	return registry.Options{Causal: out, CausalWeights: o.Weights, BERT: bert.Options{Library: o.ONNXRuntime}, Embedded: benchmarks.Scores}, nil
}
