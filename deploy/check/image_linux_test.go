package check

import (
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// stages reads the Dockerfile.
func stages(t *testing.T) []instructions.Stage {
	t.Helper()
	f, err := os.Open("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tree, err := parser.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := instructions.Parse(tree.AST, nil)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// find returns the only instruction of a type in a stage.
func find[T instructions.Command](t *testing.T, s instructions.Stage) (found T) {
	t.Helper()
	n := 0
	for _, c := range s.Commands {
		if c, ok := c.(T); ok {
			found = c
			n++
		}
	}
	if n != 1 {
		t.Fatalf("%d instructions %T, expected 1", n, found)
	}
	return found
}

// build runs the steps of the Dockerfile's first stage with two folders in place of the image's.
// Instead of copying the source and downloading modules it works in the checkout.
func build(t *testing.T, s instructions.Stage, source, out string) {
	t.Helper()
	for _, c := range s.Commands {
		run, ok := c.(*instructions.RunCommand)
		if !ok {
			continue
		}
		step := exec.Command("sh", "-c", strings.ReplaceAll(strings.Join(run.CmdLine, " "), "/out", out))
		step.Dir = source
		step.Env = append(os.Environ(), "TAGS=", "VERSION=v0.0.0-check")
		if output, err := step.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", step, err, output)
		}
	}
}

// TestImage builds the image's folder, and runs its command in it as its user: the server answers,
// and the health check tells whether it does.
func TestImage(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("skipped: changing the root folder and the user needs root")
	}
	all := stages(t)
	if len(all) != 2 || all[1].BaseName != "scratch" {
		t.Fatalf("%d stages, the last from %q", len(all), all[len(all)-1].BaseName)
	}
	root := t.TempDir()
	for dir := root; len(dir) > 1; dir = filepath.Dir(dir) {
		_ = os.Chmod(dir, 0o755) // the image's user must get there
	}
	build(t, all[0], "../..", root)
	if user := find[*instructions.UserCommand](t, all[1]).User; user != "65532:65532" {
		t.Errorf("user %s", user)
	}
	checkImage(t, all[1], root)
	listen := freeAddress(t)
	write(t, filepath.Join(root, "etc/routellm/serve.yaml"), "strong: big@http://127.0.0.1:9/v1\nweak: small@http://127.0.0.1:9/v1\nstrong_fraction: 30%\nlog: decisions.jsonl\n")
	server := inside(root, listen, find[*instructions.CmdCommand](t, all[1]).CmdLine...)
	said := new(strings.Builder)
	server.Stderr = said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer server.Process.Kill()
	waitFor(t, "http://"+listen+"/health", said)
	check := slices.Clone(find[*instructions.HealthCheckCommand](t, all[1]).Health.Test)[1:] // after CMD
	if out, err := inside(root, listen, check[1:]...).CombinedOutput(); err != nil {
		t.Errorf("health check: %v\n%s", err, out)
	}
	if err := server.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	if out, err := inside(root, listen, check[1:]...).CombinedOutput(); err == nil {
		t.Errorf("the health check finds a server that has ended\n%s", out)
	}
	if _, err := os.Stat(filepath.Join(root, "var/lib/routellm/decisions.jsonl")); err != nil {
		t.Error(err)
	}
}

// checkImage checks the image's labels, its certificates, and the version of its program.
func checkImage(t *testing.T, s instructions.Stage, root string) {
	t.Helper()
	label := slices.IndexFunc(find[*instructions.LabelCommand](t, s).Labels, func(l instructions.KeyValuePair) bool {
		return strings.Trim(l.Key, `"`) == "org.opencontainers.image.version" && strings.Trim(l.Value, `"`) == "$VERSION"
	})
	if args := find[*instructions.ArgCommand](t, s).Args; label < 0 || args[0].Key != "VERSION" {
		t.Error("no label has the version that the build is given")
	}
	certificates, err := os.ReadFile(filepath.Join(root, "etc/ssl/certs/ca-certificates.crt"))
	if err != nil || !x509.NewCertPool().AppendCertsFromPEM(certificates) {
		t.Errorf("no certificates of authorities: %v", err)
	}
	if out, err := inside(root, "", "--version").CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "routellm v0.0.0-check ") {
		t.Errorf("%v: %s", err, out)
	}
}

// freeAddress returns an address at which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// waitFor waits until an address answers.
func waitFor(t *testing.T, url string, said *strings.Builder) {
	t.Helper()
	for range 300 {
		if res, err := http.Get(url); err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			res.Body.Close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s does not answer:\n%s", url, said)
}
