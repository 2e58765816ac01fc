package cli

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
)

// trafficLog returns the decision log of a server with the router mf that sends a fifth of its
// requests to a random side: 400 requests at the threshold 0.25, each with feedback.
func trafficLog(t *testing.T) string {
	t.Helper()
	mf, err := harness.OpenOne("mf", harness.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	id, err := harness.IdentityOf(mf)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	line := func(v map[string]any) {
		v["schema_version"] = 2
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(string(raw) + "\n")
	}
	random, begin := rand.New(rand.NewPCG(1, 2)), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i := range 400 {
		score, explored := 0.245+0.01*random.NormFloat64(), random.Float64() < 0.2
		strong := score >= 0.25
		propensity := 0.9
		if explored && random.IntN(2) == 0 {
			strong, propensity = !strong, 0.1
		}
		side, model, good := "weak", "llama", 0.55
		if strong {
			side, model, good = "strong", "gpt-4o", 0.85
		}
		reason := "score"
		if explored {
			reason = "explore"
		}
		at, name := begin.Add(time.Duration(i)*time.Minute), fmt.Sprintf("%032x", i+1)
		line(map[string]any{
			"time": at, "id": name, "endpoint": "chat", "prompt_sha256": datasets.SHA256Hex(name), "chars": 60 + random.IntN(400), "client": "3f1a0c52b7d8e946",
			"router": "mf", "router_spec": id.Spec, "router_sha256": id.SHA256, "encoder": id.Encoder, "encoder_sha256": id.EncoderSHA256,
			"score": score, "threshold": 0.25, "decision": side, "model": model, "reason": reason, "explored": explored, "propensity": propensity,
			"answered": side, "answered_model": model, "status": 200, "latency_s": 0.8, "first_byte_s": 0.3, "input_tokens": 150 + random.IntN(100), "output_tokens": 200 + random.IntN(300),
		})
		quality := 0
		if random.Float64() < good {
			quality = 1
		}
		line(map[string]any{"feedback": map[string]any{"time": at.Add(time.Minute), "id": name, "quality": quality}})
	}
	return b.String()
}
