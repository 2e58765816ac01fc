package harness

import (
	"context"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/nearcopy"
	"github.com/routellm/routellm/routers"
)

// lesson holds the training prompts of one router, to find near copies of them.
type lesson struct {
	label    string
	prompts  map[nearcopy.Key]bool
	own      nearcopy.Set // signatures that the router brings
	unsigned int          // number of training prompts without a signature
}

// lessonsOf returns the training prompts of each router that lists some.
func lessonsOf(rs []Router) []lesson {
	var all []lesson
	for _, r := range rs {
		if t, ok := routers.As[routers.Trained](r.Router); ok && len(t.TrainingPrompts()) > 0 {
			all = append(all, lessonOf(r, t))
		}
	}
	return all
}

// lessonOf returns the training prompts of router r, which is t.
func lessonOf(r Router, t routers.Trained) lesson {
	var own nearcopy.Set
	if s, ok := routers.As[routers.Signed](r.Router); ok {
		own = s.Signatures()
	}
	return newLesson(r.Spec.Label, t.TrainingPrompts(), own)
}

// newLesson returns the training prompts with the given normalised digests.
func newLesson(label string, norms []string, own nearcopy.Set) lesson {
	l := lesson{label: label, prompts: map[nearcopy.Key]bool{}, own: own}
	for _, norm := range norms {
		l.prompts[nearcopy.KeyOf(norm)] = true
	}
	for k := range l.prompts {
		if _, signed := own.Find(k); !signed && !nearcopy.IsBuiltin(k) {
			l.unsigned++
		}
	}
	return l
}

// near holds what a search for near copies found in a data set.
type near struct {
	keys   []nearcopy.Key                  // one per row; 0 for a row without text and digest
	of     map[nearcopy.Key][]nearcopy.Key // the training prompts of which a prompt is a near copy
	unseen []bool                          // reports for each row that there was nothing to search
}

// to reports whether row i is a near copy of a training prompt and none itself.
func (n *near) to(l lesson, i int) bool {
	if l.prompts[n.keys[i]] {
		return false
	}
	for _, k := range n.of[n.keys[i]] {
		if l.prompts[k] {
			return true
		}
	}
	return false
}

// toAny reports whether row i is a near copy of a training prompt of one of the routers.
func (n *near) toAny(all []lesson, i int) bool {
	for _, l := range all {
		if n.to(l, i) {
			return true
		}
	}
	return false
}

// findNear looks for near copies of training prompts in a table, or in its file if it has not
// the texts; see [nearSearch].
func findNear(ctx context.Context, f *datasets.File, t *datasets.Table, builtin bool, all []lesson, progress func(done, total int)) (*near, error) {
	s := newNearSearch(all, builtin)
	err := eachText(ctx, f, t, func(first int, t *datasets.Table) error {
		return s.add(ctx, t, func(done, _ int) { progress(first+done, f.Rows()) })
	})
	if err != nil {
		return nil, err
	}
	return s.finish(), nil
}

// nearSearch looks for near copies of training prompts in a data set that is read in parts.
// Those of built-in prompts in a built-in data set are known; the others are searched by the
// rows' text or else by their built-in signatures.
type nearSearch struct {
	near
	training nearcopy.Set // signatures of the training prompts to search for
	builtin  bool
	seen     map[nearcopy.Key]bool // keys of the prompts to search
	searched []nearcopy.Key        // the different prompts to search
	prompts  []nearcopy.Signature
	room     []uint32 // memory for the next signatures
	most     int      // number of hashes to keep per prompt; 0 for all
}

func newNearSearch(all []lesson, builtin bool) *nearSearch {
	s := &nearSearch{training: toSearch(all, !builtin), builtin: builtin, seen: map[nearcopy.Key]bool{}}
	s.of = map[nearcopy.Key][]nearcopy.Key{}
	if builtin {
		s.of = nearcopy.BuiltinCopies(func(k nearcopy.Key) bool { return inAny(all, k) })
	}
	return s
}

// add adds the rows of a table.
func (s *nearSearch) add(ctx context.Context, t *datasets.Table, progress func(done, total int)) error {
	keys := rowKeys(t)
	s.keys, s.unseen = append(s.keys, keys...), append(s.unseen, make([]bool, len(keys))...)
	if len(s.training.Keys) == 0 {
		return ctx.Err()
	}
	unseen := s.unseen[len(s.unseen)-len(keys):]
	for i, k := range keys {
		if i%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			progress(i, len(keys))
		}
		if s.seen[k] {
			continue
		}
		sig, ok := signatureOf(t, k, i)
		if unseen[i] = !ok; ok {
			s.seen[k] = k != 0
			if s.most > 0 {
				sig = sig.AtMost(s.most)
			}
			sig, s.room = sig.Into(s.room)
			s.searched, s.prompts = append(s.searched, k), append(s.prompts, sig)
		}
	}
	progress(len(keys), len(keys))
	return nil
}

// finish searches the rows that were added.
func (s *nearSearch) finish() *near {
	if len(s.training.Keys) == 0 {
		return &s.near
	}
	for j, found := range nearcopy.NewIndex(s.training.Signatures).Search(s.prompts) {
		for _, i := range found {
			k := s.searched[j]
			s.of[k] = append(s.of[k], s.training.Keys[i])
		}
	}
	n := s.near // without the signatures
	return &n
}

// signatureOf returns the signature of row i, whose key is k: that of its text, or else the
// built-in one.
func signatureOf(t *datasets.Table, k nearcopy.Key, i int) (nearcopy.Signature, bool) {
	if t.HasPrompt {
		return nearcopy.Of(t.Prompt[i]), true
	}
	return nearcopy.Builtin().Find(k)
}

// rowKeys returns one key per row: by the digests, or else by the text.
func rowKeys(t *datasets.Table) []nearcopy.Key {
	keys := make([]nearcopy.Key, t.Rows())
	for i := range keys {
		switch {
		case t.PromptNormSHA256 != nil:
			keys[i] = nearcopy.KeyOf(t.PromptNormSHA256[i])
		case t.HasPrompt:
			keys[i] = nearcopy.KeyOf(datasets.NormSHA256Hex(t.Prompt[i]))
		}
	}
	return keys
}

func inAny(all []lesson, k nearcopy.Key) bool {
	for _, l := range all {
		if l.prompts[k] {
			return true
		}
	}
	return false
}

// toSearch returns the signatures of all routers' training prompts that the routers bring
// and, with builtin, of those in built-in data sets.
func toSearch(all []lesson, builtin bool) nearcopy.Set {
	found := map[nearcopy.Key]nearcopy.Signature{}
	for _, l := range all {
		for i, k := range l.own.Keys {
			if l.prompts[k] {
				found[k] = l.own.Signatures[i]
			}
		}
		if !builtin {
			continue
		}
		for k := range l.prompts {
			if s, ok := nearcopy.Builtin().Find(k); ok {
				found[k] = s
			}
		}
	}
	var keys []nearcopy.Key
	var signatures []nearcopy.Signature
	for k, s := range found {
		keys, signatures = append(keys, k), append(signatures, s)
	}
	return nearcopy.NewSet(keys, signatures)
}
