package servecmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/project"
	"github.com/routellm/routellm/cmd/routellm/internal/serve"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// settings reads and checks all settings.
func (o options) settings() (*settings, error) {
	set, c := &settings{}, &cobra.Command{}
	set.add(c)
	for name, values := range o.given {
		for _, value := range values {
			if err := c.Flags().Set(name, value); err != nil {
				return nil, err
			}
		}
	}
	path, section, err := o.file()
	if err != nil {
		return nil, err
	}
	if set.origins, err = config.LoadSection(c.Flags(), path, section.Settings, os.LookupEnv); err != nil {
		return nil, err
	}
	if err := set.Config.Check(set.origins); err != nil {
		return nil, err
	}
	for _, wrong := range []func() (flag string, err error){set.EncoderFlags.Wrong, set.LLMFlags.Wrong} {
		if flag, err := wrong(); err != nil {
			return nil, set.origins.Wrap(flag, err)
		}
	}
	return set, nil
}

// file returns the file of the settings, or the section of one: that of --config, or else of the
// project's file. The path is "" without a file.
func (o options) file() (path string, section project.Serve, err error) {
	switch {
	case o.ConfigFile == project.None:
		return "", section, nil
	case o.ConfigFile != "" && filepath.Base(o.ConfigFile) != project.Name:
		return o.ConfigFile, section, nil
	}
	if path, section, err = cmdutil.ServeSettings(o.root, o.ConfigFile); err != nil || section.Line == 0 {
		return "", project.Serve{}, err
	}
	if section.Settings == nil {
		path = section.File
	}
	return path, section, nil
}

// load reads all settings and opens the routers.
func (o options) load(ctx context.Context, s cmdutil.Streams) (loaded, error) {
	warnMisspelt(s)
	set, err := o.settings()
	if err != nil {
		return loaded{}, err
	}
	keys, flag, err := set.Keys() // the server reads them again
	if err != nil {
		return loaded{}, set.origins.Wrap(flag, err)
	}
	if o.Check { // the server logs them
		for _, warning := range set.Warnings(keys.Certificate) {
			s.Feedback().Note("warning: " + warning)
		}
	}
	if o.Check && set.Log != "" { // without --check, opening the log checks its path
		if err := checkLog(s, set.Log); err != nil {
			return loaded{}, set.origins.Wrap("log", err)
		}
	}
	if err := set.checkThreshold(); err != nil {
		return loaded{}, err
	}
	return set.open(ctx, s)
}

// warnMisspelt warns about variables of the environment that are nearly settings. Nothing else
// would tell their user.
func warnMisspelt(s cmdutil.Streams) {
	known := &cobra.Command{}
	new(settings).add(known)
	for _, warning := range config.Misspelt(known.Flags(), os.Environ()) {
		s.Feedback().Note("warning: " + warning)
	}
}

// checkLog checks whether the decision log can be opened. A server that has it open, perhaps with
// these settings, is worth a warning only.
func checkLog(s cmdutil.Streams, path string) error {
	if decisionlog.InUse(path) {
		s.Feedback().Note(fmt.Sprintf("warning: a server has the log %q open: another one would not start with it", path))
	}
	return decisionlog.CheckPath(path)
}

// loaded holds the settings of a server with their routers.
type loaded struct {
	serve.Settings
	calls string // what the threshold means, or "" if that is not known

	scorers  []*harness.Scorer // what scores the prompts of each of Routers; nil among several models
	artifact *results.Artifact // where the first router's threshold is from; nil without one
}

// open opens the routers and sets the threshold.
func (o *settings) open(ctx context.Context, s cmdutil.Streams) (loaded, error) {
	artifact, err := o.readArtifact()
	if err == nil {
		err = o.checkArtifact(artifact)
	}
	if err != nil {
		return loaded{}, err
	}
	options, err := o.LLMFlags.Registry(s, false)
	if err != nil {
		return loaded{}, err
	}
	out := loaded{}
	if out.ModelPrices, err = o.prices(ctx); err != nil {
		return loaded{}, o.origins.Wrap("prices", err)
	}
	if o.Several() {
		out.Settings, err = o.openSeveral(ctx, s, out.Settings, artifact, options)
		return out, err
	}
	routers, err := harness.Open(o.specs(), options)
	if err != nil {
		return loaded{}, o.wrapOpening(err)
	}
	for i, r := range routers {
		if err := o.checkCascade(r, i == 0); err != nil {
			return loaded{}, err
		}
		if r, err = r.ForPair(o.pairOf(artifact)); err != nil {
			return loaded{}, o.wrapOpening(err)
		}
		c, err := harness.NewScorer(r, o.Options(), s.Feedback())
		if err != nil {
			return loaded{}, o.wrapOpening(err)
		}
		c.Limit(o.MaxText)
		if i == 0 {
			if out.calls, err = o.setThreshold(ctx, s, c, artifact); err != nil {
				return loaded{}, err
			}
		}
		id, err := harness.IdentityOf(r)
		if err != nil {
			return loaded{}, o.wrapRouter(err)
		}
		if i == 0 {
			if err := o.checkVersion(id); err != nil {
				return loaded{}, err
			}
		}
		out.Routers, out.scorers = append(out.Routers, asked(r, c, id)), append(out.scorers, c)
	}
	out.Config, out.artifact = o.Config, artifact
	return out, nil
}

// pairOf returns the pair of models as the artifact names them, or else by their own names.
func (o *settings) pairOf(artifact *results.Artifact) results.Pair {
	if artifact != nil && artifact.Pair != (results.Pair{}) {
		return artifact.Pair
	}
	return results.Pair{Strong: o.Strong.Name, Weak: o.Weak.Name}
}
