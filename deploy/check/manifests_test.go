// Package check tests the files in the folder above it: Kubernetes' manifests and compose.yaml
// against their schemas, routellm.service with systemd's own checker, and the Dockerfile's steps in
// a plain folder. No container engine is needed. make test-deploy runs it.
package check

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

// TestKubernetes decodes each manifest into Kubernetes' own type, with unknown keys refused.
func TestKubernetes(t *testing.T) {
	text, err := os.ReadFile("../kubernetes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set, service := &appsv1.StatefulSet{}, &corev1.Service{}
	scaler, budget := &autoscalingv2.HorizontalPodAutoscaler{}, &policyv1.PodDisruptionBudget{}
	kinds := map[string]any{"StatefulSet": set, "Service": service, "HorizontalPodAutoscaler": scaler, "PodDisruptionBudget": budget}
	parts := bytes.Split(text, []byte("\n---\n"))
	for _, part := range parts {
		var head struct{ Kind string }
		if err := yaml.Unmarshal(part, &head); err != nil {
			t.Fatal(err)
		}
		if err := yaml.UnmarshalStrict(part, kinds[head.Kind]); err != nil {
			t.Errorf("%s: %v", head.Kind, err)
		}
	}
	if len(parts) != len(kinds) {
		t.Errorf("%d manifests, expected %d", len(parts), len(kinds))
	}
	checkPod(t, set.Spec.Template.Spec)
	labels := set.Spec.Template.Labels["app"]
	if service.Spec.Selector["app"] != labels || budget.Spec.Selector.MatchLabels["app"] != labels || set.Spec.Selector.MatchLabels["app"] != labels {
		t.Errorf("a selector differs from the pods' label %q", labels)
	}
	if scaler.Spec.ScaleTargetRef.Name != set.Name || set.Spec.ServiceName != service.Name {
		t.Error("a name differs from the StatefulSet's")
	}
}

// TestKubernetesJob checks the Job that scores files: its schema, that each task has a share of its
// own, and that names of volumes exist.
func TestKubernetesJob(t *testing.T) {
	text, err := os.ReadFile("../../contrib/kubernetes/job.yaml")
	if err != nil {
		t.Fatal(err)
	}
	job := &batchv1.Job{}
	if err := yaml.UnmarshalStrict(text, job); err != nil {
		t.Fatal(err)
	}
	pod := job.Spec.Template.Spec
	share := fmt.Sprintf("--share $(JOB_COMPLETION_INDEX)/%d ", *job.Spec.Completions)
	if args := strings.Join(pod.Containers[0].Args, " "); !strings.Contains(args, share) || *job.Spec.CompletionMode != batchv1.IndexedCompletion {
		t.Errorf("%d tasks of mode %s run %s", *job.Spec.Completions, *job.Spec.CompletionMode, args)
	}
	checkVolumes(t, pod, map[string]bool{})
}

// checkPod checks what the schema does not: that names of volumes and ports exist, and that a pod
// gets more time to end than its steps take.
func checkPod(t *testing.T, pod corev1.PodSpec) {
	t.Helper()
	c := pod.Containers[0]
	checkVolumes(t, pod, map[string]bool{"log": true}) // from volumeClaimTemplates
	for _, p := range []*corev1.Probe{c.LivenessProbe, c.ReadinessProbe} {
		if p.HTTPGet.Port.StrVal != c.Ports[0].Name {
			t.Errorf("no port %q", p.HTTPGet.Port.StrVal)
		}
	}
	const drain = 5 + 120 // drain_delay and drain_timeout of serve.yaml
	if sleep := c.Lifecycle.PreStop.Sleep.Seconds; *pod.TerminationGracePeriodSeconds <= sleep+drain {
		t.Errorf("a pod gets %d s to end, its steps take %d", *pod.TerminationGracePeriodSeconds, sleep+drain)
	}
}

// checkVolumes checks that the names of volumes exist, besides those given.
func checkVolumes(t *testing.T, pod corev1.PodSpec, names map[string]bool) {
	t.Helper()
	for _, v := range pod.Volumes {
		names[v.Name] = true
	}
	for _, m := range pod.Containers[0].VolumeMounts {
		if !names[m.Name] {
			t.Errorf("no volume %q", m.Name)
		}
	}
}

// TestCompose loads compose.yaml as docker compose does.
func TestCompose(t *testing.T) {
	options, err := cli.NewProjectOptions([]string{"../compose.yaml"}, cli.WithName("routellm"))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	service, err := project.GetService("routellm")
	if err != nil || service.StopGracePeriod == nil || len(service.Secrets) != 2 || !service.ReadOnly {
		t.Errorf("%v: %+v", err, service)
	}
	if _, err := os.Stat(filepath.Join(service.Build.Context, "Dockerfile")); err != nil {
		t.Error(err)
	}
}

// TestService checks the unit with systemd-analyze, where it exists, and how exposed the service is.
func TestService(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("skipped: no systemd-analyze")
	}
	unit, err := os.ReadFile("../routellm.service")
	if err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("true") // the checker wants a program that exists
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "routellm.service")
	unit = bytes.ReplaceAll(unit, []byte("/usr/local/bin/routellm"), []byte(program))
	if err := os.WriteFile(path, unit, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("systemd-analyze", "verify", path).CombinedOutput(); err != nil || strings.Contains(string(out), path) {
		t.Errorf("%v\n%s", err, out)
	}
	const exposure = "20" // tenths of systemd's scale from 0 to 10
	if out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--threshold="+exposure, path).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
