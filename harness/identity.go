package harness

import (
	"fmt"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
)

// IdentityOf returns the router's identity in artifacts and logs: its spec and, if it has
// weights, their digest. A file of scores has the identity of the router that made them, if it
// says which, or else its own.
func IdentityOf(r Router) (results.ArtifactRouter, error) {
	if r.isScoreFile() {
		if path, column := r.Spec.File(); column == "" {
			if c, err := claimOf(path); err != nil || c.known() {
				return c.router, err
			}
		}
		return fileIdentity(r)
	}
	if r.isDataFile() {
		return fileIdentity(r)
	}
	return weightsOf(r.Spec, r.Router), nil
}

// IdentityOfPredictor returns the identity of a router among several models, as [IdentityOf] does.
func IdentityOfPredictor(p Predictor) (results.ArtifactRouter, error) {
	if r := (Router{Spec: p.Spec}); r.isDataFile() {
		return fileIdentity(r)
	}
	return weightsOf(p.Spec, p.Predictor), nil
}

// weightsOf returns the spec of a router and, if it has them, the digests of its weights and of
// its encoder's.
func weightsOf(spec registry.Spec, r needer) results.ArtifactRouter {
	out := results.ArtifactRouter{Spec: spec.String()}
	if w, ok := routers.As[routers.Weighted](r); ok {
		out.SHA256 = w.SHA256()
	}
	if k, ok := kindOf(r); ok {
		out.Encoder, out.EncoderSHA256 = k.name, k.sha256
	}
	return out
}

// fileIdentity returns the identity of a file of scores.
func fileIdentity(r Router) (results.ArtifactRouter, error) {
	path, _ := r.Spec.File()
	digest, err := datasets.Digest(path)
	return results.ArtifactRouter{Spec: r.Spec.String(), SHA256: digest}, err
}

// mismatchOf returns the first part in which a router differs from the one that is wanted; nil
// if there is none. Where the model has a digest, its file may have another name.
func mismatchOf(got, want results.ArtifactRouter) *mismatch {
	if want.SHA256 != "" {
		got.Spec = want.Spec
	}
	for _, x := range []mismatch{
		{"router", got.Spec, want.Spec}, {"digest", got.SHA256, want.SHA256},
		{"encoder", got.Encoder, want.Encoder}, {"encoder's digest", got.EncoderSHA256, want.EncoderSHA256},
	} {
		if x.got != x.want {
			return &x
		}
	}
	return nil
}

// mismatch is a part in which two routers differ.
type mismatch struct{ what, got, want string }

// describe names a router and its model.
func describe(r results.ArtifactRouter) string {
	out := fmt.Sprintf("the router %q", r.Spec)
	if r.SHA256 != "" {
		out += fmt.Sprintf(" with the model %.12s", r.SHA256)
	}
	return out
}
