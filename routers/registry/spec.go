package registry

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers/external"
)

// Spec is a router as named on the command line: [LABEL=]NAME[@VARIANT] or
// [LABEL=]KIND:ARG.
type Spec struct {
	Label   string // Label is the name in tables, unique per run
	Name    string // Name is the name of a router or kind
	Variant string // Variant is the part after the @; "" for the default
	Arg     string // Arg is the part after the colon: a file, folder, command or address
	IsKind  bool   // IsKind reports whether the name was written with a colon
	OfAll   bool   // OfAll reports whether the router came from the name "all"
}

// ParseSpecs parses the values of a repeatable flag. Each value is a list, split at the
// commas before its first colon. Everything after that colon belongs to one router, since
// files and commands may contain commas. It fails if two routers have the same label.
func ParseSpecs(values []string) ([]Spec, error) {
	var specs []Spec
	seen := map[string]string{}
	for _, value := range values {
		for _, item := range expandAll(splitItems(value)) {
			spec, err := ParseSpec(item.text)
			if err != nil {
				return nil, err
			}
			spec.OfAll = item.ofAll
			if other, ok := seen[spec.Label]; ok {
				return nil, fmt.Errorf("routers %q and %q would both be called %q: give one a label, LABEL=%s", other, item.text, spec.Label, item.text)
			}
			seen[spec.Label] = item.text
			specs = append(specs, spec)
		}
	}
	return specs, nil
}

// all stands for the routers of All.
const all = "all"

// All returns the names of the routers that the name "all" stands for, in the order of
// tables: every router that is built in and needs nothing else, but not subject, which
// knows what no router of prompts can know.
func All() []string {
	return []string{"random", "length", "mf", "sw_ranking", "knn", "bert", "causal_llm", "oracle"}
}

// item is one router as written.
type item struct {
	text  string
	ofAll bool
}

func expandAll(items []string) []item {
	var out []item
	for _, text := range items {
		if text != all {
			out = append(out, item{text, false})
			continue
		}
		for _, name := range All() {
			out = append(out, item{name, true})
		}
	}
	return out
}

func splitItems(value string) []string {
	head, _, _ := strings.Cut(value, ":")
	items := strings.Split(head, ",")
	items[len(items)-1] += value[len(head):]
	return items
}

// ParseSpec parses one router.
func ParseSpec(item string) (Spec, error) {
	var s Spec
	rest := strings.TrimSpace(item)
	head, _, _ := strings.Cut(rest, ":") // a label stands before any colon
	if label, _, ok := strings.Cut(head, "="); ok {
		s.Label, rest = label, rest[len(label)+1:]
		if s.Label == "" {
			return Spec{}, fmt.Errorf("router %q has an empty label", item)
		}
	}
	if s.Name, s.Arg, s.IsKind = strings.Cut(rest, ":"); s.IsKind {
		if s.Arg == "" {
			return Spec{}, fmt.Errorf("router %q has nothing after the colon", item)
		}
	} else {
		var at bool
		if s.Name, s.Variant, at = strings.Cut(rest, "@"); at && s.Variant == "" {
			return Spec{}, fmt.Errorf("router %q has an empty variant", item)
		}
	}
	if s.Name == "" {
		return Spec{}, fmt.Errorf("router %q has no name", item)
	}
	if s.Label == "" {
		s.Label = s.defaultLabel(rest)
	}
	return s, nil
}

// defaultLabel returns the name as written. For a file or a command it returns the base
// name, because a path does not fit a table, and for an address the host.
func (s Spec) defaultLabel(written string) string {
	if !s.IsKind {
		return written
	}
	path, column := s.File()
	switch s.Name {
	case "exec":
		if words, err := external.Words(s.Arg); err == nil { // opening the router reports an error
			path = words[0]
		}
	case "http", "https":
		if u, err := url.Parse(s.address()); err == nil && u.Host != "" {
			return u.Host
		}
	}
	if column != "" && s.Name != "cascade" {
		return column
	}
	base := filepath.Base(path)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// address returns kind and argument joined, which is a server's address.
func (s Spec) address() string { return s.Name + ":" + s.Arg }

// File returns the file or folder that holds the router and what follows a "#" after it: the column
// of scores in "scores:FILE#COLUMN", the setting in "decisions:FILE#SETTING", or the models in
// "cascade:FILE#MODEL,MODEL".
func (s Spec) File() (path, part string) {
	if !slices.Contains([]string{"scores", "decisions", "cascade"}, s.Name) {
		return s.Arg, ""
	}
	return datasets.SplitColumn(s.Arg)
}

// IsFile reports whether Arg is a file or folder that holds the router.
func (s Spec) IsFile() bool {
	return s.IsKind && !slices.Contains([]string{"exec", "http", "https"}, s.Name)
}

// String returns the router as written, without its label.
func (s Spec) String() string {
	switch {
	case s.IsKind:
		return s.Name + ":" + s.Arg
	case s.Variant != "":
		return s.Name + "@" + s.Variant
	}
	return s.Name
}

// hintHub adds a hint to an error about the spec's file if the file does not exist and is named
// like a model of a hub, such as "routellm/bert_gpt4_augmented".
func (s Spec) hintHub(err error) error {
	owner, name, ok := strings.Cut(s.Arg, "/")
	if !ok || !s.IsFile() || owner == "" || owner == "." || owner == ".." || name == "" || strings.Contains(name, "/") || filepath.Ext(name) == ".safetensors" || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, statErr := os.Stat(owner); statErr == nil {
		return err // a folder with another file
	}
	return hint.With(err, "a model of the Hugging Face Hub must be downloaded first: hf download "+s.Arg+" --local-dir "+name,
		"then: --router "+s.Name+":"+name)
}

// HintList adds a hint to an error about the spec's file if the file does not exist and
// other routers seem to follow it after a comma: see [ParseSpecs]. What follows and has a
// file's extension is taken for a file of the same kind.
func (s Spec) HintList(err error) error {
	if !s.IsFile() {
		return err
	}
	first, rest, _ := strings.Cut(s.Arg, ",")
	if !strings.Contains(rest, ":") && filepath.Ext(rest) != "" {
		rest = s.Name + ":" + rest
	}
	label := ""
	if s.Label != s.defaultLabel(s.Arg) {
		label = s.Label + "="
	}
	return hint.List(err, s.Arg, nil,
		fmt.Sprintf("commas after a colon are part of the file's name: --router %s%s:%s --router %s", label, s.Name, first, rest))
}
