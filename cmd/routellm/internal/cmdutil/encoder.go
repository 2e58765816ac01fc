package cmdutil

import (
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/encoder/openai"
)

// EncoderFlags are the flags of commands that may turn text into vectors.
type EncoderFlags struct {
	Encoder    string
	URL, Model string
	Dimensions int
	Cache      string
}

// The encoders that --encoder takes.
const (
	StaticEncoder = encoder.StaticName
	openaiEncoder = "openai"
)

func (o *EncoderFlags) Add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.Encoder, "encoder", StaticEncoder, "what makes vectors of prompts that have none: static, or openai (a server; OPENAI_API_KEY)")
	f.StringVar(&o.URL, "encoder-url", "", "base `URL` of an OpenAI-compatible server (default $OPENAI_BASE_URL, else OpenAI)")
	f.StringVar(&o.Model, "encoder-model", openai.DefaultModel, "embedding `MODEL` of the server")
	f.IntVar(&o.Dimensions, "encoder-dimensions", 0, "components to ask the server for (default the model's own)")
	f.StringVar(&o.Cache, "encoder-cache", "", "`DIR` where the server's vectors are kept (default the user's cache folder)")
}

// Check refuses options that make no sense, also where no vectors are needed.
func (o EncoderFlags) Check() error {
	if flag, err := o.Wrong(); err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	}
	return nil
}

// Wrong is the first flag that makes no sense, and why.
func (o EncoderFlags) Wrong() (flag string, err error) {
	switch {
	case !o.static() && o.Encoder != openaiEncoder:
		return "encoder", fmt.Errorf("found %q, expected static or openai", o.Encoder)
	case o.URL != "" && !isAddress(o.URL):
		return "encoder-url", errAddress
	case o.Dimensions < 0:
		return "encoder-dimensions", fmt.Errorf("found %d, expected 0, the model's own, or more", o.Dimensions)
	}
	return "", nil
}

// errAddress does not repeat the URL, which may have a password.
var errAddress = errors.New("expected http:// or https:// and a host, such as http://127.0.0.1:8080/v1")

// isAddress reports whether a server's base URL can be asked.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// static reports whether no server is asked for.
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
