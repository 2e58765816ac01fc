// Package config holds the settings of a server. Each setting is a flag, a key of a YAML
// file and an environment variable: --max-body, max_body and ROUTELLM_MAX_BODY.
//
// Call [Default] for the defaults. For flags, call [Config.Add] and then [Load], which also
// reads the environment and the file; [Config.Check] reports the first invalid setting, with the
// [Origins] of the settings.
package config

import (
	"time"

	"github.com/spf13/pflag"

	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/internal/num"
)

// Strong and Weak are the sides of the pair.
const Strong, Weak = "strong", "weak"

// Config holds the settings of a server, except for the routers' own options.
type Config struct {
	Listen  string   // HOST:PORT
	Routers []string // router specs; the first answers to the model name "routellm"

	Threshold float64 // the first router's threshold; may be infinite
	Artifact  string  // artifact file of calibrate that has the threshold, or ""
	Fraction  float64 // share of strong calls on the Arena prompts in [0,1] to calibrate the threshold for

	Strong, Weak             Model
	StrongKeyEnv, WeakKeyEnv string // environment variables with the models' keys

	Text        string  // name of the mode that chooses the messages to route; not prompttext.Raw
	DefaultSide string  // Strong or Weak: the side that answers without a text or a score
	Explore     float64 // share of requests in [0,1] sent to a random side
	ExploreSeed uint64
	Fallback    bool // ask the other model if one fails before its first byte

	APIKeyFile       string // file with the clients' keys, one per line
	Insecure         bool   // let every client in on an address that is not loopback
	ForwardClientKey bool   // send the client's credentials to the models
	MaxBody          int64  // largest request in bytes

	ConnectTimeout  time.Duration // limit to connect to a model's server
	HeaderTimeout   time.Duration // limit until a model's server begins to answer
	IdleTimeout     time.Duration // longest pause within a model's answer
	ClientTimeout   time.Duration // limit for a client to send its request or to take a part of the answer
	DecisionTimeout time.Duration // limit for the router's score
	DrainTimeout    time.Duration // limit for open requests at shutdown

	BreakerFailures uint32        // consecutive failures that open a model's circuit breaker
	BreakerCooldown time.Duration // time that a circuit breaker stays open

	Log      string // decision log file, or "" for none
	LogMaxMB int    // size in megabytes at which the log is rotated
	LogKeep  int    // number of rotated logs to keep; 0 keeps all
}

// Default returns the default settings. Strong, Weak and Threshold have no default.
func Default() Config {
	var c Config
	c.Add(pflag.NewFlagSet("", pflag.ContinueOnError))
	return c
}

// Add defines the settings as flags.
func (c *Config) Add(f *pflag.FlagSet) {
	f.StringVar(&c.Listen, "listen", "127.0.0.1:6060", "`ADDRESS` to listen on")
	f.StringArrayVarP(&c.Routers, "router", "r", []string{"mf"}, "`ROUTER` that decides; all but the first answer only to router-NAME-THRESHOLD")
	f.Float64Var(&c.Threshold, "threshold", 0, "score at or above which the strong model is called")
	f.StringVar(&c.Artifact, "artifact", "", "artifact `FILE` from calibrate --artifact that has the threshold")
	f.Var((*num.Fraction)(&c.Fraction), "strong-fraction", "share of strong calls on the Arena prompts to calibrate the threshold for")
	f.Var(&c.Strong, "strong", "strong model and where it is served (required)")
	f.Var(&c.Weak, "weak", "weak model and where it is served (required)")
	f.StringVar(&c.StrongKeyEnv, "strong-key-env", "", "environment `VARIABLE` with the key for the strong model")
	f.StringVar(&c.WeakKeyEnv, "weak-key-env", "", "environment `VARIABLE` with the key for the weak model")
	f.StringVar(&c.Text, "text", string(prompttext.Last), "text to route: last, first or users (user messages), or all (messages)")
	f.StringVar(&c.DefaultSide, "default-side", Strong, "strong or weak: the side that answers if there is no text or the router fails")
	f.Var((*num.Fraction)(&c.Explore), "explore", "share of requests in [0,1] sent to a random side")
	f.Uint64Var(&c.ExploreSeed, "explore-seed", 1, "seed for the random sides")
	f.BoolVar(&c.Fallback, "fallback", false, "ask the other model, once, if one fails before its first byte")
	f.StringVar(&c.APIKeyFile, "api-key-file", "", "`FILE` with the keys that clients may use, one per line")
	f.BoolVar(&c.Insecure, "insecure", false, "let every client in on an address that is not loopback")
	f.BoolVar(&c.ForwardClientKey, "forward-client-key", false, "send the client's key to the models")
	f.Int64Var(&c.MaxBody, "max-body", 32<<20, "largest request in `BYTES`")
	f.DurationVar(&c.ConnectTimeout, "connect-timeout", 5*time.Second, "longest time to connect to a model's server")
	f.DurationVar(&c.HeaderTimeout, "header-timeout", 5*time.Minute, "longest time until a model's server begins to answer")
	f.DurationVar(&c.IdleTimeout, "idle-timeout", 2*time.Minute, "longest pause within a model's answer")
	f.DurationVar(&c.ClientTimeout, "client-timeout", time.Minute, "longest time for a client to send its request, or to take a part of the answer")
	f.DurationVar(&c.DecisionTimeout, "decision-timeout", 5*time.Second, "longest time for the router to score a prompt")
	f.DurationVar(&c.DrainTimeout, "drain-timeout", 30*time.Second, "longest time for open requests to finish at shutdown")
	f.Uint32Var(&c.BreakerFailures, "breaker-failures", 5, "consecutive failures after which a model gets no requests for a while")
	f.DurationVar(&c.BreakerCooldown, "breaker-cooldown", 15*time.Second, "how long a failing model gets no requests")
	f.StringVar(&c.Log, "log", "", "`FILE` for the decision log (default none)")
	f.IntVar(&c.LogMaxMB, "log-max-mb", 100, "size in megabytes at which the log is rotated")
	f.IntVar(&c.LogKeep, "log-keep", 10, "number of rotated logs to keep, 0 for all")
}
