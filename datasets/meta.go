package datasets

import (
	"fmt"
	"math"
	"strconv"

	"github.com/routellm/routellm/internal/hint"
)

// SchemaVersion is the version of the sample schema this package writes, and the newest it reads.
const SchemaVersion = 1

// Meta is what a sample file says about itself in its key/value metadata, under keys that begin with "routellm.".
type Meta struct {
	SchemaVersion int     // 0 in files that no routellm wrote
	Name          string  // short name, as in "mmlu"
	Title         string  // name for people, as in "MMLU"
	Unit          string  // what one unit of quality is, as in "accuracy 0-1"
	Min, Max      float64 // bounds of quality, inclusive; NaN when unknown
	Strong, Weak  string  // default pair of models; "" when none
	Source        string  // where the outcomes come from
	Licence       string  // of the outcomes, SPDX where there is one

	Encoder        string  // what made the embeddings; "" where there are none
	EncoderSHA256  string  // digest of its weights
	EmbeddingScale float64 // a component is its int8 times this; NaN where there are no embeddings
}

// NewMeta returns metadata with nothing known but the schema's version.
func NewMeta() Meta {
	return Meta{SchemaVersion: SchemaVersion, Min: math.NaN(), Max: math.NaN(), EmbeddingScale: math.NaN()}
}

// Within reports whether quality v lies in the known bounds.
func (m Meta) Within(v float64) bool { return !(v < m.Min) && !(v > m.Max) }

const metaPrefix = "routellm."

// texts pairs each text field with its key.
func (m *Meta) texts() map[string]*string {
	return map[string]*string{
		"name": &m.Name, "title": &m.Title, "unit": &m.Unit, "strong": &m.Strong,
		"weak": &m.Weak, "source": &m.Source, "licence": &m.Licence,
		"encoder": &m.Encoder, "encoder_sha256": &m.EncoderSHA256,
	}
}

// pairs returns the key/value form; unknown fields are left out.
func (m Meta) pairs() map[string]string {
	kv := map[string]string{metaPrefix + "schema_version": strconv.Itoa(SchemaVersion)}
	for key, text := range m.texts() {
		if *text != "" {
			kv[metaPrefix+key] = *text
		}
	}
	for key, v := range map[string]float64{"min": m.Min, "max": m.Max, "embedding_scale": m.EmbeddingScale} {
		if !math.IsNaN(v) && (key != "embedding_scale" || m.Encoder != "") {
			kv[metaPrefix+key] = strconv.FormatFloat(v, 'g', -1, 64)
		}
	}
	return kv
}

// parseMeta reads the key/value form through lookup.
func parseMeta(file string, lookup func(string) (string, bool)) (Meta, error) {
	m := NewMeta()
	m.SchemaVersion = 0
	for key, text := range m.texts() {
		*text, _ = lookup(metaPrefix + key)
	}
	if s, ok := lookup(metaPrefix + "schema_version"); ok {
		v, err := strconv.Atoi(s)
		if err != nil || v < 1 {
			return m, fmt.Errorf("%q: metadata %q: found %q, expected a whole number from 1", file, metaPrefix+"schema_version", s)
		}
		if v > SchemaVersion {
			return m, hint.With(fmt.Errorf("%q: schema version %d, expected at most %d", file, v, SchemaVersion),
				"the file was written by a newer routellm: update this one")
		}
		m.SchemaVersion = v
	}
	return m, m.parseBounds(file, lookup)
}

func (m *Meta) parseBounds(file string, lookup func(string) (string, bool)) error {
	for _, b := range []struct {
		key string
		to  *float64
	}{{"min", &m.Min}, {"max", &m.Max}, {"embedding_scale", &m.EmbeddingScale}} {
		s, ok := lookup(metaPrefix + b.key)
		if !ok {
			continue
		}
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%q: metadata %q: found %q, expected a finite number", file, metaPrefix+b.key, s)
		}
		*b.to = v
	}
	if m.Min > m.Max {
		return fmt.Errorf("%q: metadata: %q %v is above %q %v", file, metaPrefix+"min", m.Min, metaPrefix+"max", m.Max)
	}
	return nil
}
