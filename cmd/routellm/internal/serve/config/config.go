// Package config holds the settings of a server. A setting is a flag, a key of a YAML
// file and an environment variable at once: --max-body, max_body and
// ROUTELLM_MAX_BODY.
package config

import (
	"time"

	"github.com/spf13/pflag"
)

// Which of a pair of models, and which text is routed.
const (
	Strong, Weak     = "strong", "weak"
	Last, First, All = "last", "first", "all"
)

// Config is what a server needs to know, less the options of routers.
type Config struct {
	Listen  string
	Routers []string // the first one answers to the name "routellm"

	Threshold float64 // of the first router
	Artifact  string  // file of calibrate --artifact, instead of a threshold
	Fraction  float64 // share of strong calls in [0,1] on the Arena prompts, instead of a threshold

	Strong, Weak             Model
	StrongKeyEnv, WeakKeyEnv string // environment variables with the models' keys

	Text        string // Last, First or All
	DefaultSide string // Strong or Weak, where there is no text or no score
	Explore     float64
	ExploreSeed uint64
	Fallback    bool

	APIKeyFile       string
	Insecure         bool
	ForwardClientKey bool
	MaxBody          int64 // bytes

	ConnectTimeout, HeaderTimeout, IdleTimeout   time.Duration // of an upstream
	ClientTimeout, DecisionTimeout, DrainTimeout time.Duration

	BreakerFailures uint32
	BreakerCooldown time.Duration

	Log      string
	LogMaxMB int
	LogKeep  int
}

// Default returns the settings that no flag, key or variable changes. Strong, Weak and
// Threshold have no default.
func Default() Config {
	var c Config
	c.Add(pflag.NewFlagSet("", pflag.ContinueOnError))
	return c
}

// Add defines the settings as flags.
func (c *Config) Add(f *pflag.FlagSet) {
	f.StringVar(&c.Listen, "listen", "127.0.0.1:6060", "`ADDRESS` to listen on")
	f.StringArrayVarP(&c.Routers, "router", "r", []string{"mf"}, "`ROUTER` that decides; those after the first answer to router-NAME-THRESHOLD only")
	f.Float64Var(&c.Threshold, "threshold", 0, "score from which the strong model is called")
	f.StringVar(&c.Artifact, "artifact", "", "`FILE` of calibrate --artifact that has the threshold")
	f.Float64Var(&c.Fraction, "strong-fraction", 0, "share of strong calls on the Arena prompts, instead of a threshold")
	f.Var(&c.Strong, "strong", "strong model and where it is served (required)")
	f.Var(&c.Weak, "weak", "weak model and where it is served (required)")
	f.StringVar(&c.StrongKeyEnv, "strong-key-env", "", "environment `VARIABLE` with the key for the strong model")
	f.StringVar(&c.WeakKeyEnv, "weak-key-env", "", "environment `VARIABLE` with the key for the weak model")
	f.StringVar(&c.Text, "text", Last, "text that is routed: the last or first user message, or all messages")
	f.StringVar(&c.DefaultSide, "default-side", Strong, "strong or weak: who answers where there is no text, or the router fails")
	f.Float64Var(&c.Explore, "explore", 0, "share of requests in [0,1] that go to a random side")
	f.Uint64Var(&c.ExploreSeed, "explore-seed", 1, "seed of the random sides")
	f.BoolVar(&c.Fallback, "fallback", false, "ask the other model once where one fails before its first byte")
	f.StringVar(&c.APIKeyFile, "api-key-file", "", "`FILE` with the keys that clients may use, one a line")
	f.BoolVar(&c.Insecure, "insecure", false, "let anyone in who reaches an address that is not loopback")
	f.BoolVar(&c.ForwardClientKey, "forward-client-key", false, "send the client's key on to the models")
	f.Int64Var(&c.MaxBody, "max-body", 32<<20, "`BYTES` that a request may have")
	f.DurationVar(&c.ConnectTimeout, "connect-timeout", 5*time.Second, "time to connect to a model's server")
	f.DurationVar(&c.HeaderTimeout, "header-timeout", 5*time.Minute, "time until a model's server begins to answer")
	f.DurationVar(&c.IdleTimeout, "idle-timeout", 2*time.Minute, "longest pause within an answer")
	f.DurationVar(&c.ClientTimeout, "client-timeout", time.Minute, "time for a client to send its request, or to take a piece of the answer")
	f.DurationVar(&c.DecisionTimeout, "decision-timeout", 5*time.Second, "time for the router")
	f.DurationVar(&c.DrainTimeout, "drain-timeout", 30*time.Second, "time for open requests at the end")
	f.Uint32Var(&c.BreakerFailures, "breaker-failures", 5, "failures in a row after which a model is left alone")
	f.DurationVar(&c.BreakerCooldown, "breaker-cooldown", 15*time.Second, "time for which it is left alone")
	f.StringVar(&c.Log, "log", "", "`FILE` for the decision log (default none)")
	f.IntVar(&c.LogMaxMB, "log-max-mb", 100, "megabytes after which the log is rotated")
	f.IntVar(&c.LogKeep, "log-keep", 10, "rotated logs to keep, 0 for all")
}
