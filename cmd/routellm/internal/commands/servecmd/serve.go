// Package servecmd implements the serve command, a proxy that routes each request to one of
// two or more models.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package servecmd

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/serve"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/results"
)

// options holds serve's flags. The flags in given override the configuration file, which is
// read again on SIGHUP.
type options struct {
	ConfigFile string
	Check      bool
	Probe      bool
	given      map[string][]string // values of the settings on the command line, by flag
	root       *cobra.Command      // has the commands whose sections are checked in the project's file
}

// settings holds all settings, from flags, environment and configuration file.
type settings struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	config.Config
	origins config.Origins // where each setting was found
}

// add adds a flag per setting to the command.
func (o *settings) add(c *cobra.Command) {
	for _, g := range o.Config.Groups() {
		cmdutil.AddFlagGroup(c, g.Heading, g.Define)
	}
	o.EncoderFlags.Add(c)
	o.LLMFlags.Add(c)
}

// New returns the serve command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:        "serve",
		SuggestFor: []string{"proxy", "server", "start", "gateway"},
		Short:      "Serve several models as one: a proxy that routes each request",
		Long: `Serve several models as one: a proxy with the APIs of OpenAI and
Anthropic, in which a router decides for each request whether the strong or
the weak model answers. The proxy changes only the model's name in the
request, and adds x-routellm-* headers to the answer.

--strong-fraction finds a threshold for a share of strong calls, and --artifact
takes the one that calibrate found on your prompts. Clients ask for the model
"routellm", which is the first --router at this threshold, or for
router-NAME-THRESHOLD, any router at a threshold of their own.

With --cascade the weak model answers first. Its answer is held back and judged,
and the strong model is asked if it scores the threshold or above.

For more than two models, give an --upstream per model in place of --strong and
--weak. A router predicts the quality and the cost of each model's answer, and
the one with the largest quality - lambda x cost answers, of those that are up
and can take the request. --artifact or --lambda says what lambda is.

Every setting can be given as a flag (--max-body), as an environment variable
(ROUTELLM_MAX_BODY) or as a key of the YAML file of --config (max_body). A
flag overrides the environment, which overrides the file. SIGHUP reads the
file, the keys and the certificate again. SIGTERM stops the server once all
open requests are answered. The file may also be a routellm.yaml, whose section
serve holds the settings or names a file (docs/config.md).`,
		Example: `  routellm serve --config serve.yaml --check
  routellm serve --router mf --strong-fraction 30% --strong gpt-4o@https://api.openai.com/v1 --weak llama@http://127.0.0.1:8080/v1 --check`,
		Args:        cmdutil.NoArgs,
		Annotations: map[string]string{cmdutil.Waits: "yes"},
		RunE: func(c *cobra.Command, _ []string) error {
			o.given, o.root = givenSettings(c.Flags()), c.Root()
			return run(c.Context(), s, o)
		},
	}
	c.Flags().StringVar(&o.ConfigFile, "config", "", "`FILE` with settings, in YAML, or none (default the section serve of routellm.yaml in the working folder, if there is one)")
	c.Flags().BoolVar(&o.Check, "check", false, "check the settings, load the routers and exit")
	c.Flags().BoolVar(&o.Probe, "probe", false, "ask the server that runs with these settings whether it is ready, and exit")
	c.MarkFlagsMutuallyExclusive("check", "probe")
	new(settings).add(c)
	return c
}

// givenSettings returns the values of the settings on the command line, by flag.
func givenSettings(flags *pflag.FlagSet) map[string][]string {
	given := map[string][]string{}
	flags.Visit(func(f *pflag.Flag) {
		if f.Name == "config" || f.Name == "check" || f.Name == "probe" {
			return
		}
		given[f.Name] = []string{f.Value.String()}
		if many, ok := f.Value.(pflag.SliceValue); ok {
			if given[f.Name] = many.GetSlice(); len(given[f.Name]) == 0 {
				given[f.Name] = []string{""} // an empty list takes the place of the default
			}
		}
	})
	return given
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if o.Probe {
		set, err := o.settings()
		if err != nil {
			return err
		}
		return fault.Wrap(probe(ctx, &set.Config))
	}
	if o.ConfigFile == "" {
		if path, _, err := o.file(); err == nil && path != "" {
			s.Feedback().Note("settings from " + path)
		}
	}
	set, err := o.load(ctx, s)
	if err != nil {
		return err
	}
	if o.Check {
		return writeSettings(s.Out, set, unlikeLines(ctx, set.scorers, set.artifact))
	}
	load := func() (serve.Settings, error) {
		set, err := o.load(ctx, s)
		return set.Settings, err
	}
	return fault.Wrap(serveUntil(ctx, slog.New(slog.NewTextHandler(s.Err, nil)), set.Settings, load))
}

// serveUntil serves until ctx is done. At SIGHUP it takes the settings that load returns.
func serveUntil(ctx context.Context, logger *slog.Logger, set serve.Settings, load func() (serve.Settings, error)) error {
	log.SetOutput(io.Discard) // net/http logs data that a server sends unasked, which may be part of an answer
	ln, err := net.Listen("tcp", set.Listen)
	if err != nil {
		return err
	}
	defer ln.Close()
	var records *decisionlog.Log
	if set.Log != "" {
		if records, err = decisionlog.Open(set.Log, set.LogMaxMB, set.LogKeep); err != nil {
			return fmt.Errorf("decision log: %w", err)
		}
		defer records.Close()
	}
	stop := trace(ctx, logger, &set)
	defer stop()
	server, err := serve.New(set, logger, records)
	if err != nil {
		return err
	}
	if set.MetricsListen != "" {
		if server.Metrics, err = net.Listen("tcp", set.MetricsListen); err != nil {
			return err
		}
		defer server.Metrics.Close()
	}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	cmdutil.Drain(ctx)
	return server.Run(ctx, ln, hangups, load)
}

// writeSettings writes the main settings after a successful check, without secrets, and the line
// about prompts that are unlike those trained on, if there is one.
func writeSettings(w io.Writer, set loaded, unlike string) error {
	names := make([]string, len(set.Routers))
	for i, r := range set.Routers {
		names[i] = r.Name
	}
	if set.Several() {
		return writeSeveral(w, set, strings.Join(names, ", "))
	}
	// An artifact names the version itself, and a share of strong calls sets a threshold anew.
	if digest := set.Routers[0].Identity.SHA256; digest != "" && set.Artifact == "" && set.Fraction == 0 {
		names[len(names)-1] += fmt.Sprintf("\nversion    %.12s", digest)
	}
	threshold := render.Threshold(results.ThresholdAt(set.Threshold))
	if set.calls != "" {
		threshold += "\ncalls      " + set.calls
	}
	if set.Cascade != "" {
		threshold += "\ncascade    " + inWords(set)
	}
	threshold += unlike
	_, err := fmt.Fprintf(w, "configuration OK\nlisten     %s\nrouter     %s\nthreshold  %s\nstrong     %s\nweak       %s\n",
		set.Listen, strings.Join(names, ", "), threshold, set.Strong.String(), set.Weak.String())
	return err
}
