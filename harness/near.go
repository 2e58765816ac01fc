package harness

import (
	"context"
	"maps"

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
		t, ok := r.Router.(routers.Trained)
		if !ok {
			continue
		}
		l := lesson{label: r.Spec.Label, prompts: map[nearcopy.Key]bool{}}
		for _, norm := range t.TrainingPrompts() {
			l.prompts[nearcopy.KeyOf(norm)] = true
		}
		if s, ok := r.Router.(routers.Signed); ok {
			l.own = s.Signatures()
		}
		for k := range l.prompts {
			if _, signed := l.own.Find(k); !signed && !nearcopy.IsBuiltin(k) {
				l.unsigned++
			}
		}
		if len(l.prompts) > 0 {
			all = append(all, l)
		}
	}
	return all
}

// near holds what a search for near copies found in a data set.
type near struct {
	keys   []nearcopy.Key                  // one per row; 0 for a row without text and digest
	of     map[nearcopy.Key][]nearcopy.Key // training prompts of which a prompt is a near copy
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

// findNear looks for near copies of training prompts in a data set. Those of built-in prompts
// in a built-in data set are known; the others are searched by the rows' text or else by
// their built-in signatures.
func findNear(ctx context.Context, t *datasets.Table, builtin bool, all []lesson, progress func(done, total int)) (*near, error) {
	n := &near{keys: rowKeys(t), unseen: make([]bool, t.Rows()), of: map[nearcopy.Key][]nearcopy.Key{}}
	if builtin {
		n.of = nearcopy.BuiltinCopies(func(k nearcopy.Key) bool { return inAny(all, k) })
	}
	training := toSearch(all, !builtin)
	if len(training.Keys) == 0 {
		return n, nil
	}
	var keys []nearcopy.Key
	var prompts []nearcopy.Signature
	seen := map[nearcopy.Key]bool{}
	for i, k := range n.keys {
		if i%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			progress(i, len(n.keys))
		}
		if seen[k] && k != 0 {
			continue
		}
		s, ok := signatureOf(t, k, i)
		if n.unseen[i] = !ok; ok {
			seen[k], keys, prompts = true, append(keys, k), append(prompts, s)
		}
	}
	for j, found := range nearcopy.NewIndex(training.Signatures).Search(prompts) {
		for _, i := range found {
			n.of[keys[j]] = append(n.of[keys[j]], training.Keys[i])
		}
	}
	progress(len(n.keys), len(n.keys))
	return n, nil
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
	for k, s := range maps.All(found) {
		keys, signatures = append(keys, k), append(signatures, s)
	}
	return nearcopy.NewSet(keys, signatures)
}
