package servecmd

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// checkVersion refuses a first router whose model is not the one that the settings name.
func (o *settings) checkVersion(id results.ArtifactRouter) error {
	if o.RouterVersion == "" || strings.HasPrefix(id.SHA256, o.RouterVersion) {
		return nil
	}
	if id.SHA256 == "" {
		return o.origins.Wrap("router-version", fmt.Errorf("the router %q has no model, and so no version", id.Spec))
	}
	return hint.With(o.origins.Wrap("router-version", fmt.Errorf("this is another version of the router %q: found the model %.12s, expected %.12s", id.Spec, id.SHA256, o.RouterVersion)),
		"its scores may mean something else: calibrate the threshold again, such as with",
		fmt.Sprintf("routellm calibrate --router %s --strong-fraction 0.3", id.Spec),
		fmt.Sprintf("and name this version: router_version: %.12s", id.SHA256))
}
