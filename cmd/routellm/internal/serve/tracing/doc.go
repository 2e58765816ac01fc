// Package tracing sends spans of requests to an OpenTelemetry collector, if the program is built
// with the tag otel and OTEL_EXPORTER_OTLP_ENDPOINT names a collector. Otherwise it does nothing:
// the SDK would add a third to the program's size.
//
// Call [New] for a [Tracer]. Spans have no prompts, answers or keys. The variables of the
// OpenTelemetry specification, such as OTEL_SERVICE_NAME and OTEL_TRACES_SAMPLER, apply.
package tracing

import "os"

// wanted reports whether the environment names a collector for spans.
func wanted() bool {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"} {
		if os.Getenv(name) != "" {
			return os.Getenv("OTEL_SDK_DISABLED") != "true"
		}
	}
	return false
}

// Field is an attribute of a span: a string, a float64, an int or a bool.
type Field struct {
	Key   string
	Value any
}
