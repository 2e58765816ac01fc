package servecmd

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// trained trains a router among large, medium and small in the working directory and writes its
// artifact, as change makes it.
func trained(t *testing.T, change func(*results.PoolPolicy)) {
	t.Helper()
	rows := "prompt,quality:large,quality:medium,quality:small,cost:large,cost:medium,cost:small\n"
	for i := range 24 {
		rows += fmt.Sprintf("how is rent %d paid,1,%d,%d,0.01,0.002,0.0001\n", i, i%2, i%3/2)
	}
	if err := os.WriteFile("pool.csv", []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	made, err := harness.TrainPool(context.Background(), "cluster", harness.TrainPoolOptions{TrainOptions: harness.TrainOptions{Data: []string{"pool.csv"}}})
	if err == nil {
		err = made.Model.WriteFile("pool.st")
	}
	if err != nil {
		t.Fatal(err)
	}
	writeArtifact(t, "cluster:pool.st", change)
}

// writeArtifact writes the artifact pool.json of a router.
func writeArtifact(t *testing.T, router string, change func(*results.PoolPolicy)) {
	t.Helper()
	p, err := harness.OpenPredictor(router, harness.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a := &results.Artifact{Kind: results.ArtifactKind, SchemaVersion: results.SchemaVersion, Threshold: results.Threshold{Score: results.Missing}}
	if a.Router, err = harness.IdentityOfPredictor(p); err != nil {
		t.Fatal(err)
	}
	a.Pool = &results.PoolPolicy{
		Axis: results.CostAxis, Lambda: 20, Mix: 0.5,
		Models: []results.PolicyModel{{Name: "large", Cost: 0.01}, {Name: "medium", Cost: 0.002}, {Name: "small", Cost: 0.0001}},
	}
	if change != nil {
		change(a.Pool)
	}
	f, err := os.Create("pool.json")
	if err == nil {
		err = a.Write(f)
	}
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
}

// checked runs serve --check on a file of settings.
func checked(t *testing.T, yaml string) (out, notes string, err error) {
	t.Helper()
	if err := os.WriteFile("serve.yaml", []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	var said, noted strings.Builder
	err = run(context.Background(), cmdutil.Streams{Out: &said, Err: &noted}, options{ConfigFile: "serve.yaml", Check: true})
	return said.String(), strings.Join(strings.Fields(noted.String()), " "), err
}

const three = "upstreams:\n  small: http://127.0.0.1:3/v1\n  large: {url: http://127.0.0.1:1/v1, name: big-1}\n  medium: http://127.0.0.1:2/v1\n"

// TestSeveral opens servers for several models.
func TestSeveral(t *testing.T) {
	t.Chdir(t.TempDir())
	trained(t, nil)
	upstreams := "upstream   small=small@http://127.0.0.1:3/v1\nupstream   large=big-1@http://127.0.0.1:1/v1\nupstream   medium=medium@http://127.0.0.1:2/v1\n"
	out, notes, err := checked(t, "artifact: pool.json\n"+three)
	if want := "configuration OK\nlisten     127.0.0.1:6060\nrouter     pool\nlambda     20\n" + upstreams; err != nil || out != want || notes != "" {
		t.Errorf("%v, %q, %q, expected %q", err, out, notes, want)
	}
	out, _, err = checked(t, "router: cluster:pool.st\nlambda: 3\n"+three)
	if err != nil || !strings.Contains(out, "\nlambda     3\n"+upstreams) {
		t.Errorf("%v, %q", err, out)
	}
	_, notes, err = checked(t, "artifact: pool.json\nunserved: small\nupstreams:\n  large: http://h\n  medium: http://h\n")
	if want := `warning: "pool.json" also chooses small, which the server goes without: the cost and the quality that were calibrated do not hold`; err != nil || notes != want {
		t.Errorf("%v, %q, expected %q", err, notes, want)
	}
	writeArtifact(t, "cluster:pool.st", func(p *results.PoolPolicy) { p.Lambda, p.Mix, p.Always = results.Missing, results.Missing, "medium" })
	out, _, err = checked(t, "artifact: pool.json\n"+three)
	if err != nil || !strings.Contains(out, "\nlambda     none: medium answers every prompt\n") {
		t.Errorf("%v, %q", err, out)
	}
}

// TestSeveralInOrder has the policy in the order of the upstreams.
func TestSeveralInOrder(t *testing.T) {
	t.Chdir(t.TempDir())
	trained(t, nil)
	if err := os.WriteFile("serve.yaml", []byte("artifact: pool.json\n"+three), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := options{ConfigFile: "serve.yaml"}.load(context.Background(), cmdutil.Streams{Out: os.Stdout, Err: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	quality, cost, err := set.Routers[0].Predict(context.Background(), "id", "how is rent 3 paid")
	if err != nil || len(quality) != 3 || fmt.Sprint(cost) != "[0.0001 0.01 0.002]" || !(quality[1] > quality[2] && quality[2] > quality[0]) {
		t.Errorf("%v, %v, %v", quality, cost, err)
	}
}

// TestSeveralRefused names what does not fit together.
func TestSeveralRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	trained(t, nil)
	for yaml, want := range map[string]string{
		three: "upstreams names several models, and it is not known when each is chosen: want --artifact or --lambda",
		"artifact: pool.json\nlambda: 2\n" + three:                        "cannot be combined with lambda",
		"artifact: pool.json\nstrong: a@http://h\nweak: b@http://h\n":     `"pool.json" chooses among 3 models, and upstreams names none`,
		"artifact: pool.json\nupstreams:\n  large: http://h\n":            `"pool.json" chooses among models of which "medium" has no upstream`,
		"artifact: pool.json\nupstreams:\n  lrge: http://h\n":             `"pool.json" does not know the model "lrge"`,
		"artifact: pool.json\nunserved: smal\n" + three:                   `"pool.json" does not know the model "smal"`,
		"router: mf\nlambda: 1\n" + three:                                 `router "mf"`,
		"router: oracle\nlambda: 1\n" + three:                             "needs outcomes and cannot route",
		"artifact: pool.json\nrouter: mf\n" + three:                       "was calibrated for",
		"artifact: pool.json\nprices: prices.csv\n" + three:               `no price of "small"`,
		"strong: a@http://h\nweak: b@http://h\nlambda: 3\nthreshold: 1\n": "is for several models, which upstreams names",
		"strong_fraction: 0.3\n" + three:                                  "is for two models and cannot be combined with upstreams",
	} {
		if err := os.WriteFile("prices.csv", []byte("model,input,output\nlarge,1,1\nmedium,1,1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := checked(t, yaml); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v (hints %q), expected %s", yaml, err, hint.Of(err), want)
		}
	}
	writeArtifact(t, "cluster:pool.st", func(p *results.PoolPolicy) { p.Lambda, p.Mix, p.Always = results.Missing, results.Missing, "small" })
	_, _, err := checked(t, "artifact: pool.json\nunserved: small\nupstreams:\n  large: http://h\n  medium: http://h\n")
	if err == nil || !strings.Contains(err.Error(), `has "small" answer every prompt: it needs an upstream`) {
		t.Errorf("error %v", err)
	}
}
