package cmdutil

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/project"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// ProjectFlags is the flag --config and what the file that it names, or routellm.yaml in the working
// folder, says for a command. Commands embed them.
type ProjectFlags struct {
	config string
	file   *project.File // nil without a file
	path   string
	digest string   // hex digest of the file
	used   []string // keys whose values the command takes
}

// AddConfig adds the flag to a command that reads the file. Call it after the command's other flags.
func (o *ProjectFlags) AddConfig(c *cobra.Command) {
	c.Flags().StringVar(&o.config, "config", "", "`FILE` of settings, or none (default "+project.Name+" in the working folder, if there is one)")
	_ = c.RegisterFlagCompletionFunc("config", FilesOf("yaml", "yml"))
}

// ApplyConfig reads the file and sets the flags that are not given to what it says. With data set,
// the command line names the data: what the file says of its own data has no meaning then. Flags of
// alone, if given, say that the command works on something that the file does not describe.
func (o *ProjectFlags) ApplyConfig(c *cobra.Command, data bool, alone ...string) error {
	if slices.ContainsFunc(alone, c.Flags().Changed) {
		return nil
	}
	if err := o.read(c); err != nil || o.file == nil {
		return err
	}
	given := map[string]bool{}
	c.Flags().Visit(func(f *pflag.Flag) { given[f.Name] = true })
	skip := skipped(c, given, data)
	if err := o.checkData(c, data); err != nil {
		return err
	}
	for _, v := range valuesFor(c, o.file) {
		if f := c.Flags().Lookup(v.flag); f == nil || given[f.Name] || skip(f.Name) {
			continue
		}
		if err := o.set(c, v); err != nil {
			return err
		}
	}
	return nil
}

// checkData refuses several data sets for a command that takes one: it would silently take none.
func (o *ProjectFlags) checkData(c *cobra.Command, given bool) error {
	own := slices.ContainsFunc(o.file.Section(c.Name()), func(x project.Setting) bool { return x.Key == "data" })
	if n := len(o.file.Data.Values); n < 2 || given || own || dataFlag(c) != "data" {
		return nil
	}
	return hint.With(fmt.Errorf("%s:%d: key \"data\": %s takes one data set, and these are %d", o.path, o.file.Data.Line, c.Name(), len(o.file.Data.Values)),
		"name one: routellm "+c.Name()+" DATA, or data in the section "+c.Name())
}

// read reads the file, if there is one, and checks all of it.
func (o *ProjectFlags) read(c *cobra.Command) (err error) {
	if o.path, err = project.Find(o.config); err != nil || o.path == "" {
		return fault.Wrap(err)
	}
	o.file, o.digest, err = ReadProject(c.Root(), o.path)
	return err
}

// ReadProject reads a file of settings and checks the keys of its sections, as far as root has the
// commands. It returns the settings, with paths as seen from the working folder, and the digest of the
// file.
func ReadProject(root *cobra.Command, path string) (*project.File, string, error) {
	data, err := readSome(path)
	if err != nil {
		return nil, "", hint.With(fmt.Errorf("settings %q: %w", path, fault.Cause(err)), "--config none works without settings")
	}
	f, err := project.Parse(path, data)
	if err != nil {
		return nil, "", err
	}
	if err := checkColumns(path, f); err != nil {
		return nil, "", err
	}
	if err := checkSections(root, path, f); err != nil {
		return nil, "", err
	}
	return f, datasets.DigestBytes(data), nil
}

// maxSettings is the size of the largest file of settings, in bytes.
const maxSettings = 1 << 20

// readSome reads a file that is not large.
func readSome(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSettings+1))
	if err == nil && len(data) > maxSettings {
		err = fmt.Errorf("more than %d bytes: expected settings in YAML", maxSettings)
	}
	return data, err
}

// ServeSettings returns what the project's file says for serve: the path of a file of its own, or the
// section with the settings, in the file at path. Without a file, or a section in it, both are empty.
func ServeSettings(root *cobra.Command, config string) (path string, section project.Serve, err error) {
	if filepath.Base(config) != project.Name {
		if path, err = project.Find(""); err != nil || path == "" {
			return "", project.Serve{}, err
		}
	} else {
		path = config
	}
	f, _, err := ReadProject(root, path)
	if err != nil {
		return "", project.Serve{}, err
	}
	f.Serve.File = pathFromFolder(path, f.Serve.File)
	if serve, _, err := root.Find([]string{"serve"}); err == nil {
		f.Serve.Each(func(key, value string) string {
			flag := serve.Flags().Lookup(flagOf(key))
			if flag == nil { // an error that serve reports
				return value
			}
			return fromFolder(path, flag, value)
		})
	}
	return path, f.Serve, nil
}

// columnFlagNames lists the flags that say what the columns of data mean.
func columnFlagNames() (names []string) {
	c := &cobra.Command{}
	new(ColumnFlags).Add(c)
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return append(names, "labels", "gold-part")
}

// keyOf returns the key of a flag, and flagOf the flag of a key.
func keyOf(flag string) string { return strings.ReplaceAll(flag, "-", "_") }
func flagOf(key string) string { return strings.ReplaceAll(key, "_", "-") }

// checkColumns refuses keys of columns that no flag has.
func checkColumns(path string, f *project.File) error {
	var keys []string
	for _, flag := range columnFlagNames() {
		keys = append(keys, keyOf(flag))
	}
	return checkKeys(path, "columns", f.Columns, keys, "'routellm help columns' lists the flags; a key is a flag's name with _ instead of -")
}

// checkSections refuses keys of the sections of commands that no flag has.
func checkSections(root *cobra.Command, path string, f *project.File) error {
	sections := SectionFlags(root)
	for _, name := range project.Commands() {
		flags, known := sections[name]
		if !known {
			continue // a test has one command alone
		}
		if err := checkKeys(path, name, f.Section(name), slices.Sorted(maps.Keys(flags)), "'routellm "+name+" --help' lists the flags; a key is a flag's name with _ instead of -"); err != nil {
			return err
		}
	}
	return nil
}

// checkKeys refuses settings of a section whose keys are not among keys.
func checkKeys(path, section string, settings project.Section, keys []string, advice string) error {
	for _, x := range settings {
		if !slices.Contains(keys, x.Key) {
			err := hint.With(fmt.Errorf("%s:%d: unknown key %q in %s", path, x.Line, x.Key, section), advice)
			return hint.DidYouMean(err, x.Key, keys)
		}
	}
	return nil
}

// flagValue holds the setting of the file for one flag.
type flagValue struct {
	key, flag string
	line      int
	values    []string
}

// valuesFor returns what a file says for the flags of a command: first its section, then what the file
// says for all commands. For a flag that is in both, the first one counts.
func valuesFor(c *cobra.Command, f *project.File) (all []flagValue) {
	for _, x := range f.Section(c.Name()) {
		all = append(all, flagValue{c.Name() + "." + x.Key, flagOf(x.Key), x.Line, x.Values})
	}
	general := []flagValue{
		{"pair", "pair", f.Pair.Line, []string{f.Pair.Strong + "," + f.Pair.Weak}},
		{"models", "models", f.Models.Line, f.Models.Values},
		{"tokens", "tokens", f.Tokens.Line, []string{(*Numbers)(&f.Tokens.Values).String()}},
		{"seed", "seed", f.Seed.Line, []string{f.Seed.Value}},
		{"confidence", "confidence", f.Confidence.Line, []string{f.Confidence.Value}},
		{"resamples", "resamples", f.Resamples.Line, []string{f.Resamples.Value}},
		{"prices", "price", f.Prices.Line, modelPrices(f.Prices)},
	}
	if f.Prices.File != "" {
		general[len(general)-1] = flagValue{"prices", "prices", f.Prices.Line, []string{f.Prices.File}}
	}
	if flag := dataFlag(c); flag == "bench" || len(f.Data.Values) == 1 {
		general = append(general, flagValue{"data", flag, f.Data.Line, f.Data.Values})
	}
	if c.Name() != "calibrate" || single(f.Routers.Values) {
		general = append(general, flagValue{"routers", "router", f.Routers.Line, f.Routers.Values})
	}
	for _, x := range f.Columns {
		general = append(general, flagValue{"columns", flagOf(x.Key), x.Line, x.Values})
	}
	own := len(all)
	for _, v := range general {
		if v.line > 0 && !slices.ContainsFunc(all[:own], func(x flagValue) bool { return x.flag == v.flag }) {
			all = append(all, v)
		}
	}
	return all
}

// single reports whether a list of routers names one, which calibrate can take.
func single(routers []string) bool {
	return len(routers) == 1 && routers[0] != "all" && (!strings.Contains(routers[0], ",") || strings.Contains(routers[0], ":"))
}

// modelPrices writes prices as the flag --price takes them.
func modelPrices(prices project.Prices) (out []string) {
	for _, p := range prices.Models {
		numbers := Numbers{p.Input, p.Output}
		out = append(out, p.Model+"="+numbers.String())
	}
	return out
}

// dataFlag returns the flag of a command that names data, "" if the data are arguments.
func dataFlag(c *cobra.Command) string {
	for _, flag := range []string{"bench", "data"} {
		if f := c.Flags().Lookup(flag); f != nil {
			return f.Name
		}
	}
	return ""
}

// targets are the flags of what a calibration aims at, of which one may be given.
var targets = []string{"strong-fraction", "quality", "pgr", "budget-usd"}

// skipped returns which flags keep their defaults: those about the file's data, if the command line
// names other data; other targets than the given one, with the artifact that is of the file's target; and
// routers, if an artifact names its own.
func skipped(c *cobra.Command, given map[string]bool, data bool) func(flag string) bool {
	about := append(columnFlagNames(), "bench", "data", "pair", "models", "price", "prices", "tokens", "as-of", "free", "reprice")
	calibrates := c.Name() == "calibrate"
	aimed := calibrates && slices.ContainsFunc(targets, func(t string) bool { return given[t] })
	return func(flag string) bool {
		return data && slices.Contains(about, flag) ||
			aimed && (slices.Contains(targets, flag) || flag == "artifact") ||
			!calibrates && given["artifact"] && flag == "router"
	}
}

// set sets a flag to what the file says.
func (o *ProjectFlags) set(c *cobra.Command, v flagValue) error {
	f := c.Flags().Lookup(v.flag)
	if _, many := f.Value.(pflag.SliceValue); !many && len(v.values) > 1 && v.flag != "price" {
		if !joins(f) {
			return fmt.Errorf("%s:%d: key %q: expected a single value", o.path, v.line, v.key)
		}
		v.values = []string{strings.Join(v.values, ",")}
	}
	for _, value := range v.values {
		if err := c.Flags().Set(v.flag, fromFolder(o.path, f, value)); err != nil {
			return o.wrong(c, v, err)
		}
	}
	key, _, _ := strings.Cut(v.key, ".")
	if !slices.Contains(o.used, key) {
		o.used = append(o.used, key)
	}
	return nil
}

// joins reports whether a flag takes a list separated by commas.
func joins(f *pflag.Flag) bool {
	return slices.Contains([]string{"numbers", "fractions", "percentages", "prices"}, f.Value.Type())
}

// wrong returns the error about a value that a flag does not take.
func (o *ProjectFlags) wrong(c *cobra.Command, v flagValue, err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return fmt.Errorf("%s:%d: key %q: %w", o.path, v.line, v.key, err)
	}
	if want := wanted[invalid.GetFlag().Value.Type()]; want != "" {
		return fmt.Errorf("%s:%d: key %q: found %s, expected %s", o.path, v.line, v.key, strconv.Quote(invalid.GetValue()), want)
	}
	return fmt.Errorf("%s:%d: key %q: %w", o.path, v.line, v.key, invalid.Unwrap())
}

// ConfigData returns the data sets of the file, for a command that takes them as arguments.
func (o *ProjectFlags) ConfigData() []string {
	if o.file == nil || o.file.Data.Line == 0 {
		return nil
	}
	o.used = append(o.used, "data")
	out := make([]string, len(o.file.Data.Values))
	for i, path := range o.file.Data.Values {
		out[i] = dataFromFolder(o.path, path)
	}
	return out
}

// ConfigRouters returns the routers of the file, for a command that takes them as arguments.
func (o *ProjectFlags) ConfigRouters() []string {
	if o.file == nil || o.file.Routers.Line == 0 {
		return nil
	}
	o.used = append(o.used, "routers")
	var out []string
	for _, value := range o.file.Routers.Values {
		parts := []string{value}
		if !strings.Contains(value, ":") {
			parts = strings.Split(value, ",")
		}
		for _, part := range parts {
			out = append(out, routerFromFolder(o.path, strings.TrimSpace(part)))
		}
	}
	return out
}

// NoteConfig says which keys of the file count.
func (o *ProjectFlags) NoteConfig(s Streams) {
	if len(o.used) > 0 {
		keys := slices.DeleteFunc(project.Keys(), func(key string) bool { return !slices.Contains(o.used, key) })
		s.Feedback().Note(fmt.Sprintf("settings from %s: %s", o.path, strings.Join(keys, ", ")))
	}
}

// Settings returns the file as a document records it, nil if nothing of it counts.
func (o *ProjectFlags) Settings() *results.Input {
	if len(o.used) == 0 {
		return nil
	}
	return &results.Input{Path: o.path, SHA256: o.digest}
}

// Column is a setting of a section columns.
type Column struct {
	Key    string
	Values []string
}

// GivenColumns returns the flags that are given, as settings of the section columns.
func (o *ColumnFlags) GivenColumns() (out []Column) {
	o.defined.VisitAll(func(f *pflag.Flag) {
		if !f.Changed {
			return
		}
		values := []string{f.Value.String()}
		if many, ok := f.Value.(pflag.SliceValue); ok {
			values = many.GetSlice()
		}
		out = append(out, Column{keyOf(f.Name), values})
	})
	return out
}

// ProjectReading returns how the section columns of a file says that data are read, and a function that
// ends the reading.
func ProjectReading(f *project.File) (r harness.Reading, done func(), err error) {
	c, o := &cobra.Command{}, &ColumnFlags{}
	o.Add(c)
	o.AddLabels(c)
	for _, x := range f.Columns {
		for _, value := range x.Values {
			if flag := flagOf(x.Key); c.Flags().Lookup(flag) != nil { // --gold-part reads no data set
				err = errors.Join(err, c.Flags().Set(flag, value))
			}
		}
	}
	if err == nil {
		r, err = o.Reading()
	}
	return r, o.Close, err
}
