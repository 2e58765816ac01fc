package cmdutil

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers/bert"
	"github.com/routellm/routellm/routers/causal"
	"github.com/routellm/routellm/routers/encoder/cache"
	"github.com/routellm/routellm/routers/registry"
)

// LLMFlags holds the flags of the routers causal_llm and bert. Embed it in a command's
// options, call Add to define the flags and Registry to use them.
type LLMFlags struct {
	Endpoint    string // base URL of causal_llm's server, "" for embedded scores
	LLM         string // the model's name on that server
	API         string // the server's API: chat, completions or llamacpp
	Weights     string // folder of the adapter that the server has loaded, "" for none
	Top         int    // number of token probabilities to request, 0 for the default
	ONNXRuntime string // file of ONNX Runtime's library, "" to look for it
}

// Add defines the flags on c.
func (o *LLMFlags) Add(c *cobra.Command) {
	AddFlagGroup(c, "LLM and BERT flags", o.define)
}

func (o *LLMFlags) define(f *pflag.FlagSet) {
	f.StringVar(&o.Endpoint, "endpoint", "", "base `URL` of the server that causal_llm asks, with /v1 (key in OPENAI_API_KEY)")
	f.StringVar(&o.LLM, "llm", "", "name of the `MODEL` on that server")
	f.StringVar(&o.API, "llm-api", causal.Chat, "`API` of that server: chat, completions, or llamacpp (llama.cpp's own, which reports the probability of every label)")
	f.StringVar(&o.Weights, "llm-weights", "", "folder `DIR` of the adapter that the server has loaded (adapter.gguf, training.safetensors), to record its digest")
	f.IntVar(&o.Top, "llm-top", 0, "number of likely tokens whose probabilities to request (default 20)")
	f.StringVar(&o.ONNXRuntime, "onnxruntime", "", "library `FILE` of ONNX Runtime, which runs bert:DIR (default $ROUTELLM_ONNXRUNTIME, else the usual places)")
}

// Wrong returns the name of the first invalid flag and what is wrong with it, or "" and nil.
func (o LLMFlags) Wrong() (flag string, err error) {
	const least = 5 // one token per label
	apis := []string{causal.Chat, causal.Completions, causal.LlamaCPP}
	switch {
	case o.Endpoint != "" && !isAddress(o.Endpoint):
		return "endpoint", errAddress
	case o.API != "" && !slices.Contains(apis, o.API):
		return "llm-api", hint.DidYouMean(fmt.Errorf("found %q, expected chat, completions or llamacpp", o.API), o.API, apis)
	case o.Top != 0 && o.Top < least:
		return "llm-top", fmt.Errorf("found %d, expected 0, the default, or at least %d", o.Top, least)
	case o.Weights != "" && !isFile(filepath.Join(o.Weights, "adapter.gguf")):
		return "llm-weights", fmt.Errorf("found %q, expected a folder with adapter.gguf", o.Weights)
	case o.ONNXRuntime != "" && !isFile(o.ONNXRuntime):
		return "onnxruntime", fmt.Errorf("found %q, expected a file", o.ONNXRuntime)
	}
	return "", nil
}

// isFile reports whether path is an existing file, not a folder.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// Registry returns the options for opening routers. If keep is true, the server's answers are
// cached and progress is shown. Commands that score single prompts do not set it: they would wait for
// the disk at each.
func (o LLMFlags) Registry(s Streams, keep bool) (registry.Options, error) {
	out := causal.Options{
		Endpoint: o.Endpoint, Model: o.LLM, Key: os.Getenv("OPENAI_API_KEY"), API: o.API, Top: o.Top,
	}
	if keep {
		out.Progress = Progress(s.Err, "asking")
	}
	if keep && o.Endpoint != "" { // without a server no cache folder is needed, and none may exist
		var err error
		if out.CacheDir, err = cache.DefaultDir(); err != nil {
			return registry.Options{}, fault.Wrap(err)
		}
	}
	return registry.Options{Causal: out, CausalWeights: o.Weights, BERT: bert.Options{Library: o.ONNXRuntime}, Embedded: benchmarks.Scores}, nil
}
