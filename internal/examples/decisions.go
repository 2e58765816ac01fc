package examples

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
)

// decisionLog returns the decision log of a server with the router mf that sends a fifth of its
// requests to a random side: so many requests at the threshold 0.25, each with feedback.
func decisionLog(requests int) ([]byte, error) {
	mf, err := harness.OpenOne("mf", harness.RouterOptions{})
	if err != nil {
		return nil, err
	}
	id, err := harness.IdentityOf(mf)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false)
	line := func(v map[string]any) {
		v["schema_version"] = 2
		err = errors.Join(err, to.Encode(v))
	}
	random, begin := rand.New(rand.NewPCG(1, 2)), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i := range requests {
		score, explored := 0.245+float64(0.01*random.NormFloat64()), random.Float64() < 0.2
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
			"score": score, "threshold": 0.25, "decision": side, "model": model, "microseconds": 350, "reason": reason, "explored": explored, "propensity": propensity,
			"answered": side, "answered_model": model, "status": 200, "latency_s": 0.8, "first_byte_s": 0.3, "input_tokens": 150 + random.IntN(100), "output_tokens": 200 + random.IntN(300),
		})
		quality := 0
		if random.Float64() < good {
			quality = 1
		}
		line(map[string]any{"feedback": map[string]any{"time": at.Add(time.Minute), "id": name, "quality": quality}})
	}
	return b.Bytes(), err
}
