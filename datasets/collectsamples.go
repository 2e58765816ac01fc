package datasets

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// samples holds what the answers to a sample share.
type samples struct {
	n     int
	texts names // tasks and clusters

	id, text      store[string]
	task, cluster store[uint32] // numbers of texts
	prompts       store[description]
	check         store[[sha256.Size]byte]
	weight        store[float64] // 0 where it is not known

	place, promptPlace, checkPlace store[uint32] // first answer, and the first with a prompt and a check
}

// description holds what a table keeps of a prompt besides its text.
type description struct {
	sha, norm [sha256.Size]byte
	features  [4]int32 // counts, as featureNames lists them
}

func describe(prompt string) (d description) {
	d.sha, d.norm = sha256.Sum256([]byte(prompt)), sha256.Sum256([]byte(normalised(prompt)))
	chars, words, lines, numbers := TextFeatures(prompt)
	d.features = [4]int32{int32(chars), int32(words), int32(lines), int32(numbers)}
	return d
}

// incoming holds what an answer says about its sample.
type incoming struct {
	task      uint32
	hasPrompt bool
	sha       [sha256.Size]byte
}

func (s *samples) prepare(g *Graded) incoming {
	in := incoming{task: s.texts.number(g.Task), hasPrompt: g.Prompt != ""}
	if in.hasPrompt {
		in.sha = sha256.Sum256([]byte(g.Prompt))
	}
	return in
}

func (s *samples) new(place uint32) int {
	s.n++
	s.place.set(s.n-1, place)
	return s.n - 1
}

// fill stores what is not yet known of sample i.
func (s *samples) fill(i int, g *Graded, in incoming, place uint32, keepPrompt bool) {
	if g.ID != "" && s.id.at(i) == "" {
		s.id.set(i, strings.Clone(g.ID))
	}
	if in.task != 0 {
		s.task.set(i, in.task)
	}
	if g.Cluster != "" && s.cluster.at(i) == 0 {
		s.cluster.set(i, s.texts.number(g.Cluster))
	}
	if g.Weight > 0 && s.weight.at(i) == 0 {
		s.weight.set(i, g.Weight)
	}
	if in.hasPrompt && s.promptPlace.at(i) == 0 {
		s.fillPrompt(i, g.Prompt, in, place, keepPrompt)
	}
	if g.Check != "" && s.checkPlace.at(i) == 0 {
		s.checkPlace.set(i, place)
		s.check.set(i, sha256.Sum256([]byte(g.Check)))
	}
}

func (s *samples) fillPrompt(i int, prompt string, in incoming, place uint32, keep bool) {
	s.promptPlace.set(i, place)
	s.prompts.set(i, describe(prompt))
	if keep {
		s.text.set(i, strings.Clone(prompt))
	}
}

func (s *samples) samePrompt(i int, in incoming) bool {
	return in.hasPrompt && s.promptPlace.at(i) != 0 && in.sha == s.prompts.at(i).sha
}

// errOtherTask says that an answer names another task than its sample has.
var errOtherTask = errors.New("another task")

// disagreement returns an error if an answer contradicts what is known of sample i.
func (s *samples) disagreement(i int, g *Graded, in incoming, p *places) error {
	if t := s.task.at(i); t != 0 && in.task != 0 && t != in.task {
		return errOtherTask
	}
	what, first := "", uint32(0)
	switch {
	case in.hasPrompt && s.promptPlace.at(i) != 0 && in.sha != s.prompts.at(i).sha:
		what, first = "prompt", s.promptPlace.at(i)
	case g.Check != "" && s.checkPlace.at(i) != 0 && sha256.Sum256([]byte(g.Check)) != s.check.at(i):
		what, first = "content", s.checkPlace.at(i)
	case g.Weight > 0 && s.weight.at(i) != 0 && g.Weight != s.weight.at(i):
		what, first = "weight", s.place.at(i)
	default:
		return nil
	}
	return hint.With(fmt.Errorf("row %d: the %s of sample %s differs from that in %s, expected the same in both", g.Row, what, s.name(i, g), p.where(first, g.File)),
		"check that the ids mean the same samples in every file, or remove one of the rows")
}

// name names sample i in a message about an answer to it.
func (s *samples) name(i int, g *Graded) string {
	if id := s.id.at(i); id != "" {
		return quote(id)
	}
	return "with prompt " + quote(g.Prompt)
}

// fileError puts the path of the file before an error about one of its rows.
func fileError(file string, err error) error {
	if err == nil || file == "" {
		return err
	}
	return fmt.Errorf("%q: %w", file, err)
}
