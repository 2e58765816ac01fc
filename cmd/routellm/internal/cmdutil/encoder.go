package cmdutil

import (
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/encoder/openai"
)

// EncoderFlags holds the flags of commands that may turn text into vectors. Embed it in a
// command's options, call Add to define the flags and Options to use them.
type EncoderFlags struct {
	Encoder    string // "static" or "openai"
	URL, Model string // the server's base URL, "" for the default, and its embedding model
	Dimensions int    // number of vector components to request, 0 for the model's own
	Cache      string // folder for the server's vectors, "" for the user's cache folder
}

// The values of --encoder.
const (
	StaticEncoder = encoder.StaticName
	openaiEncoder = "openai"
)

// Add defines the flags on c.
func (o *EncoderFlags) Add(c *cobra.Command) {
	AddFlagGroup(c, "Encoder flags", o.define)
}

func (o *EncoderFlags) define(f *pflag.FlagSet) {
	f.StringVar(&o.Encoder, "encoder", StaticEncoder, "`ENCODER` of prompts that have no vector: static (built in), or openai (a server; key in OPENAI_API_KEY)")
	f.StringVar(&o.URL, "encoder-url", "", "base `URL` of the OpenAI-compatible server (default $OPENAI_BASE_URL, else OpenAI)")
	f.StringVar(&o.Model, "encoder-model", openai.DefaultModel, "name of the embedding `MODEL` on that server")
	f.IntVar(&o.Dimensions, "encoder-dimensions", 0, "number of vector components to request (default the model's own)")
	f.StringVar(&o.Cache, "encoder-cache", "", "keep the server's vectors in the folder `DIR` (default the user's cache folder)")
}

// Check rejects invalid flags, even if the command needs no vectors.
func (o EncoderFlags) Check() error {
	if flag, err := o.Wrong(); err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	}
	return nil
}

// Wrong returns the name of the first invalid flag and what is wrong with it, or "" and nil.
func (o EncoderFlags) Wrong() (flag string, err error) {
	switch {
	case !o.static() && o.Encoder != openaiEncoder:
		err := fmt.Errorf("found %q, expected %s or %s", o.Encoder, StaticEncoder, openaiEncoder)
		return "encoder", hint.DidYouMean(err, o.Encoder, []string{StaticEncoder, openaiEncoder})
	case o.URL != "" && !isAddress(o.URL):
		return "encoder-url", errAddress
	case o.Dimensions < 0:
		return "encoder-dimensions", fmt.Errorf("found %d, expected 0, the model's own, or more", o.Dimensions)
	}
	return "", nil
}

// errAddress does not repeat the URL, which may contain a password.
var errAddress = errors.New("expected http:// or https:// and a host, such as http://127.0.0.1:8080/v1")

// isAddress reports whether text is the base URL of a server.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// static reports whether the built-in encoder is chosen, which needs no server.
func (o EncoderFlags) static() bool { return o.Encoder == "" || o.Encoder == StaticEncoder }

// Options returns the encoder that the flags describe.
func (o EncoderFlags) Options() harness.Encoder {
	url := o.URL
	if url == "" {
		url = os.Getenv("OPENAI_BASE_URL")
	}
	return harness.Encoder{
		Server: !o.static(), URL: url, Key: os.Getenv("OPENAI_API_KEY"), Model: o.Model, Dimensions: o.Dimensions, CacheDir: o.Cache,
	}
}
