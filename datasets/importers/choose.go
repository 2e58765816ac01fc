package importers

import (
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// errEnough ends the visit of a file of which only the beginning is needed.
var errEnough = errors.New("enough")

// choose returns the wanted one of several names, or the only one if none is wanted, or else an
// error about a place that lists them. what says what they are, flag is the flag that chooses.
func choose(where, what, flag, wanted string, names []string) (string, error) {
	list := strings.Join(names, ", ")
	switch {
	case len(names) == 0:
		return "", fmt.Errorf("%q: found no %s", where, what)
	case wanted != "" && slices.Contains(names, wanted):
		return wanted, nil
	case wanted != "":
		return "", hint.DidYouMean(fmt.Errorf("%q: no %s %q, expected one of %s", where, what, wanted, list), wanted, names)
	case len(names) == 1:
		return names[0], nil
	}
	return "", hint.With(fmt.Errorf("%q: found several %ss, expected a choice: %s", where, what, list), fmt.Sprintf("choose with --%s, for example --%s %s", flag, flag, argument(names[0])))
}

// argument quotes a word for a shell where that is needed.
func argument(word string) string {
	if strings.ContainsAny(word, " $'\"{}()[]*?&;|<>\\") {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return word
}

// chooseFor chooses among the names that a task has. A flag may want several, separated by commas:
// the first of these that the task has is chosen, or else its only one.
func chooseFor(in *input, where, task, flag, wanted string, names []string) (string, error) {
	all := strings.Split(wanted, ",")
	for _, w := range all {
		if slices.Contains(names, w) {
			in.choiceOf(flag).found = true
			return w, nil
		}
	}
	if len(names) == 1 && wanted != "" {
		in.takeOnly(where, task, flag, all, names[0])
		return names[0], nil
	}
	return choose(where, flag, flag, wanted, names)
}

// choice tells what became of a flag that chooses among names.
type choice struct {
	found   bool  // whether a task has a wanted name
	missing error // what is wrong with the first task that has only another name
}

func (in *input) choiceOf(flag string) *choice {
	if in.choices == nil {
		in.choices = map[string]*choice{}
	}
	if in.choices[flag] == nil {
		in.choices[flag] = &choice{}
	}
	return in.choices[flag]
}

// takeOnly notes that a task has only another name than those wanted, which counts.
func (in *input) takeOnly(where, task, flag string, wanted []string, only string) {
	in.Notef("task %s has no %s %s: its only one counts, %s", task, flag, strings.Join(wanted, " or "), only)
	if c := in.choiceOf(flag); c.missing == nil {
		_, c.missing = choose(where, flag, flag, strings.Join(wanted, ","), []string{only})
	}
}

// checkChoices returns an error if no task has a name that was wanted.
func (in *input) checkChoices() error {
	for _, flag := range slices.Sorted(maps.Keys(in.choices)) {
		if c := in.choices[flag]; !c.found && c.missing != nil {
			return c.missing
		}
	}
	return nil
}

// distinct lists the names that the objects of a file have, sorted.
func distinct(in *input, f *file, namesOf func(record) []string) (names []string, err error) {
	seen := map[string]bool{}
	err = in.each(f, func(r record) error {
		for _, name := range namesOf(r) {
			if !seen[name] {
				seen[name], names = true, append(names, name)
			}
		}
		return nil
	})
	slices.Sort(names)
	return names, err
}

// addBeside adds the files that match a pattern in the folders of the files of a kind.
func (in *input) addBeside(kind, pattern string) error {
	for _, f := range in.of(kind) {
		beside, err := filepath.Glob(filepath.Join(globEscape.Replace(filepath.Dir(f.path)), pattern))
		if err != nil {
			continue // a path that no pattern can hold
		}
		for _, path := range beside {
			if slices.ContainsFunc(in.files, func(f *file) bool { return f.path == path }) {
				continue
			}
			if err := in.add(path, false); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(in.files, func(a, b *file) int { return strings.Compare(a.path, b.path) })
	return nil
}

// globEscape makes a folder's name match itself alone in a glob. Windows takes no backslashes.
var globEscape = strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`)

// firstPrompts keeps the first prompt of each sample where models were sent different ones.
type firstPrompts struct {
	seed   maphash.Seed
	hashes map[uint64]uint64 // hashes of prompts by sample
	others int               // prompts that differ from the first
}

// keep returns the prompt if it is the first one of its sample or the same, and "" otherwise.
func (p *firstPrompts) keep(id, prompt string) string {
	if p.hashes == nil {
		p.seed, p.hashes = maphash.MakeSeed(), map[uint64]uint64{}
	}
	key, hash := maphash.String(p.seed, id), maphash.String(p.seed, prompt)
	if first, known := p.hashes[key]; known && first != hash {
		p.others++
		return ""
	}
	p.hashes[key] = hash
	return prompt
}

// note says that prompts differ.
func (p *firstPrompts) note(in *input, why string) {
	if p.others > 0 {
		in.Notef("%s not the one that the first model was sent, which counts; %s", text.Plural(p.others, "prompt")+" "+text.Agree(p.others, "is", "are"), why)
	}
}

// repeatError returns the error about a second answer where one is expected.
func repeatError(r record, what string) error {
	return hint.With(r.err("%s, expected once", what), "average the answers with --repeat mean, or remove all but one")
}
