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

	"github.com/routellm/routellm/internal/num"
)

// Strong and Weak are the sides of the pair.
const Strong, Weak = "strong", "weak"

// Config holds the settings of a server, except for the routers' own options.
type Config struct {
	Listen        string   // HOST:PORT
	Routers       []string // router specs; the first answers to the model name "routellm"
	RouterVersion string   // first digits of the digest of the first router's model, or "" for any
	Strong, Weak  Upstream
	Pool          Pool   // the upstreams of several models, in place of Strong and Weak
	Fallback      bool   // ask the next model if one fails before its first byte
	MetricsListen string // HOST:PORT for /metrics alone, or "" for /metrics at Listen

	Threshold        float64 // the first router's threshold; may be infinite
	Artifact         string  // artifact file of calibrate that has the threshold, or ""
	Fraction         float64 // share of strong calls on the Arena prompts in [0,1] to calibrate the threshold for
	ClientThresholds Thresholds
	Lambda           float64 // among several models: quality that a unit of cost must bring, at least 0
	ClientLambdas    Thresholds
	Unserved         []string      // models of the artifact or the router that have no upstream
	DefaultModel     string        // among several models: the one that answers without a text or predictions; "" for the first
	Cascade          string        // file of a cascade's model, or "": the weak model answers first, and its answer is judged
	CascadeTimeout   time.Duration // limit for the weak model's whole answer
	CascadeMaxAnswer int64         // largest answer of the weak model in bytes
	DirectModels     bool          // clients may ask for the models themselves, by name or alias

	Text        string   // name of the mode that chooses the messages to route; not prompttext.Raw
	DropTags    []string // names of the tags that mark what clients add to messages, which is not routed
	MaxText     int      // most code points of the text that the router encodes
	DefaultSide string   // Strong or Weak: the side that answers without a text or a score
	Explore     float64  // share of requests, or of conversations, in [0,1] sent to a random side
	ExploreSeed uint64

	Sticky       string        // Off, or Conversation: decide once per conversation
	StickyTTL    time.Duration // how long a conversation keeps its side after its last request
	StickyMax    int           // most conversations to remember
	StickyMargin float64       // a later turn that scores this much above the threshold moves a conversation to the strong side

	StickyHeader   string // header that names a request's conversation, or ""
	StickyCacheKey bool   // a request's prompt_cache_key names its conversation

	Embeddings, Moderations string // sides that get these requests, or "" for none

	APIKeyFile       string   // file with the clients' keys, one per line
	MetricsKeyFile   string   // file with keys that open /metrics alone
	Insecure         bool     // let every client in on an address that is not loopback
	ForwardClientKey bool     // send the client's credentials to the models
	AllowedHosts     []string // host names under which a server without keys answers
	CORSOrigins      []string // origins whose pages may use the server
	TLSCert, TLSKey  string   // files with the server's certificate and its key, or ""

	MaxBody        int64 // largest request in bytes
	MaxBodies      int64 // most bytes of all requests under way
	MaxConnections int   // most connections of clients

	ConnectTimeout  time.Duration // limit to connect to a model's server
	HeaderTimeout   time.Duration // limit until a model's server begins to answer
	IdleTimeout     time.Duration // longest pause within a model's answer
	ClientTimeout   time.Duration // limit for a client to send its request or to take a part of the answer
	DecisionTimeout time.Duration // limit for the router's score
	DrainDelay      time.Duration // time at shutdown before the listener closes, while /ready says 503
	DrainTimeout    time.Duration // limit for open requests at shutdown

	BreakerFailures uint32        // consecutive failures that open a model's circuit breaker
	BreakerRate     float64       // share of failed requests, in [0,1], that opens it; 0 for none
	BreakerVolume   uint32        // fewest answers within the window for BreakerRate
	BreakerWindow   time.Duration // the window
	BreakerTrials   uint32        // most requests at once that try a model after the cooldown
	BreakerCooldown time.Duration // time that a circuit breaker stays open

	Log      string // decision log file, or "" for none
	LogMaxMB int    // size in megabytes at which the log is rotated
	LogKeep  int    // number of rotated logs to keep; 0 keeps all
	Prices   string // file with the models' prices, or ""
}

// Default returns the default settings. Strong, Weak and Threshold have no default.
func Default() Config {
	var c Config
	c.Add(pflag.NewFlagSet("", pflag.ContinueOnError))
	return c
}

// Group holds the flags of settings that belong together.
type Group struct {
	Heading string // heading of the flags in the help
	Define  func(*pflag.FlagSet)
}

// Groups returns the settings as groups of flags.
func (c *Config) Groups() []Group {
	return []Group{
		{"Model flags", c.addModels},
		{"Routing flags", c.addRouting},
		{"Cascade flags", c.addCascade},
		{"Conversation flags", c.addConversations},
		{"Access flags", c.addAccess},
		{"Limit flags", c.addLimits},
		{"Circuit breaker flags", c.addBreaker},
		{"Decision log flags", c.addLog},
	}
}

// Add defines the settings as flags.
func (c *Config) Add(f *pflag.FlagSet) {
	for _, g := range c.Groups() {
		g.Define(f)
	}
}

func (c *Config) addModels(f *pflag.FlagSet) {
	for _, u := range c.Upstreams() {
		u.add(u.Side, f)
	}
	f.Var(&c.Pool, "upstream", "one of several models in place of strong and weak; repeated per model")
	f.StringSliceVar(&c.Unserved, "unserved", nil, "`MODELS` of the artifact or the router that have no upstream")
	f.BoolVar(&c.Fallback, "fallback", false, "ask the next model if one fails before its first byte")
	f.BoolVar(&c.DirectModels, "direct-models", false, "let clients ask for the models by name or alias, without routing")
	f.StringVar(&c.Embeddings, "embeddings", "", "`SIDE`, or model of several, that gets /v1/embeddings: strong or weak (default neither)")
	f.StringVar(&c.Moderations, "moderations", "", "`SIDE`, or model of several, that gets /v1/moderations: strong or weak (default neither)")
}

func (c *Config) addRouting(f *pflag.FlagSet) {
	f.StringArrayVarP(&c.Routers, "router", "r", []string{"mf"}, "`ROUTER` that decides; all but the first answer only to router-NAME-THRESHOLD or -LAMBDA")
	f.StringVar(&c.RouterVersion, "router-version", "", "`DIGEST`, or its first digits, of the first router's model; the server refuses any other version")
	f.Float64Var(&c.Threshold, "threshold", 0, "`SCORE` from which the strong model is called; --strong-fraction finds one")
	f.StringVar(&c.Artifact, "artifact", "", "`FILE` from calibrate --artifact with the threshold, or with lambda")
	f.Var((*num.Fraction)(&c.Fraction), "strong-fraction", "`SHARE` of strong calls on the Arena prompts, such as 30%, for which to set the threshold")
	c.ClientThresholds = anyThreshold
	f.Var(&c.ClientThresholds, "client-thresholds", "`THRESHOLDS` that clients may ask for: true for all, false for none, or LOW..HIGH")
	f.Float64Var(&c.Lambda, "lambda", 0, "among several models: `QUALITY` that a US dollar more per prompt must bring")
	c.ClientLambdas = anyThreshold
	f.Var(&c.ClientLambdas, "client-lambdas", "`LAMBDAS` that clients may ask for: true for all, false for none, or LOW..HIGH")
	f.StringVar(&c.DefaultSide, "default-side", Strong, "`SIDE` that answers if there is no text or the router fails: strong or weak")
	f.StringVar(&c.DefaultModel, "default-model", "", "`MODEL` of several that answers if there is no text or the router fails (default the first)")
	f.Var((*num.Fraction)(&c.Explore), "explore", "`SHARE` of requests, or of conversations that keep their side, sent to a random side or model")
	f.Uint64Var(&c.ExploreSeed, "explore-seed", 1, "`SEED` for the random sides or models")
	c.addTexts(f)
}

func (c *Config) addCascade(f *pflag.FlagSet) {
	f.StringVar(&c.Cascade, "cascade", "", "`FILE` of a cascade's model: the weak model answers first, and the strong one if that answer scores the threshold or above")
	f.DurationVar(&c.CascadeTimeout, "cascade-timeout", 30*time.Second, "longest time for the weak model's whole answer; then the strong model is asked")
	f.Int64Var(&c.CascadeMaxAnswer, "cascade-max-answer", 16<<20, "most `BYTES` of the weak model's answer that are held back; then the strong model is asked")
}

func (c *Config) addAccess(f *pflag.FlagSet) {
	f.StringVar(&c.Listen, "listen", "127.0.0.1:6060", "`ADDRESS` to listen on")
	f.StringVar(&c.APIKeyFile, "api-key-file", "", "`FILE` with the clients' keys: lines with KEY or NAME KEY")
	f.StringVar(&c.MetricsListen, "metrics-listen", "", "`ADDRESS` at which /metrics answers instead, without TLS")
	f.StringVar(&c.MetricsKeyFile, "metrics-key-file", "", "`FILE` with keys that open /metrics alone")
	f.BoolVar(&c.Insecure, "insecure", false, "let every client in on an address that is not loopback")
	f.BoolVar(&c.ForwardClientKey, "forward-client-key", false, "send the client's key to the models' servers, the same one to all")
	f.StringSliceVar(&c.AllowedHosts, "allowed-hosts", nil, "further host `NAMES` under which clients without keys reach the server")
	f.StringSliceVar(&c.CORSOrigins, "cors-origins", nil, "`ORIGINS` whose pages may use the server, such as https://app.example.com; * for all")
	f.StringVar(&c.TLSCert, "tls-cert", "", "`FILE` with the server's certificate, in PEM")
	f.StringVar(&c.TLSKey, "tls-key", "", "`FILE` with the certificate's key, in PEM")
}

func (c *Config) addLimits(f *pflag.FlagSet) {
	f.Int64Var(&c.MaxBody, "max-body", 32<<20, "most `BYTES` of a request, decompressed")
	f.Int64Var(&c.MaxBodies, "max-bodies", 256<<20, "most `BYTES` of all requests under way")
	f.IntVar(&c.MaxConnections, "max-connections", 0, "most `CONNECTIONS` of clients (default about a third of the limit of open files)")
	f.DurationVar(&c.ConnectTimeout, "connect-timeout", 5*time.Second, "longest time to connect to a model's server")
	f.DurationVar(&c.HeaderTimeout, "header-timeout", 15*time.Minute, "longest time until a model's server begins to answer")
	f.DurationVar(&c.IdleTimeout, "idle-timeout", 2*time.Minute, "longest pause within a model's answer")
	f.DurationVar(&c.ClientTimeout, "client-timeout", time.Minute, "longest time for a client to send its request, or to take a part of the answer")
	f.DurationVar(&c.DecisionTimeout, "decision-timeout", 5*time.Second, "longest time for the router to score a prompt")
	f.DurationVar(&c.DrainDelay, "drain-delay", 0, "time at shutdown to go on taking requests while /ready returns 503")
	f.DurationVar(&c.DrainTimeout, "drain-timeout", 30*time.Second, "longest time for open requests to finish at shutdown")
}

func (c *Config) addBreaker(f *pflag.FlagSet) {
	f.Uint32Var(&c.BreakerFailures, "breaker-failures", 5, "`FAILURES` in a row after which a model gets no requests for breaker-cooldown")
	c.BreakerRate = 0.5
	f.Var((*num.Fraction)(&c.BreakerRate), "breaker-rate", "`SHARE` of failed requests (status 500 is a failure) that has the same effect, 0 for none")
	f.Uint32Var(&c.BreakerVolume, "breaker-volume", 20, "fewest `REQUESTS` within breaker-window for breaker-rate")
	f.DurationVar(&c.BreakerWindow, "breaker-window", time.Minute, "time over which breaker-rate is taken")
	f.Uint32Var(&c.BreakerTrials, "breaker-trials", 3, "most `REQUESTS` at once that try a model after breaker-cooldown")
	f.DurationVar(&c.BreakerCooldown, "breaker-cooldown", 15*time.Second, "how long a failing model gets no requests")
}

func (c *Config) addLog(f *pflag.FlagSet) {
	f.StringVar(&c.Log, "log", "", "`FILE` for the decision log (default none)")
	f.IntVar(&c.LogMaxMB, "log-max-mb", 100, "size in `MEGABYTES` at which the log is rotated")
	f.IntVar(&c.LogKeep, "log-keep", 10, "`NUMBER` of rotated logs to keep, 0 for all")
	f.StringVar(&c.Prices, "prices", "", "`FILE` with the prices of the models' tokens, for the cost of each request")
}
