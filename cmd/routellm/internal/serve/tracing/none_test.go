//go:build !otel

package tracing

import (
	"context"
	"testing"
)

// TestNotBuiltIn expects an error where the environment asks for spans that this build lacks.
func TestNotBuiltIn(t *testing.T) {
	for value, want := range map[string]bool{"": false, "http://127.0.0.1:4318": true} {
		t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", value)
		if _, err := New(context.Background()); (err != nil) != want {
			t.Errorf("%q: %v", value, err)
		}
	}
}
