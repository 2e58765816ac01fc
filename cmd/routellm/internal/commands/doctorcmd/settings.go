package doctorcmd

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/gate"
	"github.com/routellm/routellm/cmd/routellm/internal/project"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/datasets/pricelist"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/registry"
)

// settings checks the file of settings and the files that it names.
func (e *examination) settings(ctx context.Context, o options) {
	path, err := project.Find(o.Config)
	if err == nil && path == "" {
		e.add("settings", results.Note, "no routellm.yaml in this folder", "routellm init DATA writes one")
		return
	}
	var f *project.File
	if err == nil {
		f, _, err = cmdutil.ReadProject(o.root, path)
	}
	e.addError("settings", path+" is valid", err)
	if err != nil {
		return
	}
	p := cmdutil.ProjectPaths(path)
	for _, name := range f.Data.Values {
		e.addError("data", name+" can be read", readable(ctx, p.Data(name), f))
	}
	if f.Prices.File != "" {
		_, err := pricelist.Read(ctx, p.File(f.Prices.File))
		e.addError("prices", f.Prices.File+" can be read", err)
	}
	for _, spec := range f.Routers.Values {
		e.router(p.Router(spec))
	}
	for _, x := range f.Gate {
		if x.Key == "policy" {
			e.addError("policy", x.Values[0]+" is valid", checkPolicy(p.File(x.Values[0])))
		}
	}
	if f.Serve.Line > 0 {
		e.serve(o.root, path)
	}
}

// readable returns an error unless a data set can be read as the settings say, and has their models.
func readable(ctx context.Context, name string, f *project.File) error {
	if name == "-" || name == "all" {
		return nil
	}
	reading, done, err := cmdutil.ProjectReading(f)
	if err != nil {
		return err
	}
	defer done()
	file, _, err := harness.OpenData(ctx, name, reading, harness.Feedback{})
	if err != nil {
		return err
	}
	defer file.Close()
	models := file.Models()
	for _, m := range []string{f.Pair.Strong, f.Pair.Weak} {
		if m != "" && !slices.Contains(models, m) {
			return hint.DidYouMean(hint.With(fmt.Errorf("%s has no model %q", name, m), "models: "+strings.Join(models, ", ")), m, models)
		}
	}
	return nil
}

// router checks the file of a router that is read from one, and notes one that is a program.
func (e *examination) router(spec string) {
	specs, err := registry.ParseSpecs([]string{spec})
	if err != nil {
		e.addError("router", "", err)
		return
	}
	for _, s := range specs {
		switch path, _ := s.File(); {
		case s.Name == "exec":
			e.python = true
			program, _, _ := strings.Cut(s.Arg, " ")
			_, err := exec.LookPath(program)
			e.addError("router", program+" is a program", hint.With(err, "the first word of exec:CMD is a program on the PATH, or a path"))
		case s.IsFile():
			_, err := os.Stat(path)
			if err != nil {
				err = fmt.Errorf("%q: %w", path, fault.Cause(err))
			}
			e.addError("router", path+" exists", err)
		}
	}
}

// programs says whether Python is there, in which most routers of one's own are written.
func (e *examination) programs() {
	path, err := exec.LookPath("python3")
	if err != nil {
		e.add("Python", results.Note, "python3 is not on the PATH", "only routers exec:python3 ... need it")
		return
	}
	e.add("Python", results.OK, path, "")
}

// checkPolicy returns what is wrong with a policy.
func checkPolicy(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%q: %w", path, fault.Cause(err))
	}
	_, err = gate.ParsePolicy(path, bytes.NewReader(data))
	return err
}

// serve checks the settings of serve, and collects the servers and the variables with keys that they
// name.
func (e *examination) serve(root *cobra.Command, path string) {
	var set config.Config
	c := &cobra.Command{}
	for _, g := range set.Groups() {
		cmdutil.AddFlagGroup(c, g.Heading, g.Define)
	}
	new(cmdutil.EncoderFlags).Add(c)
	new(cmdutil.LLMFlags).Add(c)
	path, section, err := cmdutil.ServeSettings(root, path)
	if section.File != "" {
		path = section.File
	}
	var origins config.Origins
	if err == nil {
		origins, err = config.LoadSection(c.Flags(), path, section.Settings, os.LookupEnv)
	}
	if err == nil {
		err = set.Check(origins)
	}
	e.addError("serve", "settings in "+path+" are valid", err)
	if err != nil {
		return
	}
	if set.Artifact != "" {
		if _, err := os.Stat(set.Artifact); err != nil {
			e.add("serve", results.Problem, fmt.Sprintf("artifact %q: %v", set.Artifact, fault.Cause(err)), "routellm calibrate writes it")
		}
	}
	for _, u := range set.Upstreams() {
		e.used = append(e.used, server{u.Asked(), u.URL.String()})
		if u.KeyEnv != "" && !slices.Contains(e.needs, u.KeyEnv) {
			e.needs = append(e.needs, u.KeyEnv)
		}
	}
}
