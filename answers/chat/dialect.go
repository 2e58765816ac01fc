package chat

import (
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/routellm/routellm/internal/complaint"
	"github.com/routellm/routellm/internal/modelserver"
)

// dialect says which parameters a model takes. Servers of one protocol differ in that.
type dialect struct {
	completionTokens bool // the limit of tokens is called max_completion_tokens, as for OpenAI's newer models
	swapped          bool // the other name was tried
	noSeed           bool
	topLogprobs      int // the largest number of alternatives; 0 if log-probabilities are not taken
}

// mostLogprobs is the number of alternatives that no server exceeds, fewLogprobs what stricter ones take.
const mostLogprobs, fewLogprobs = 20, 5

// firstDialect returns what is tried first. Only OpenAI knows max_completion_tokens with every
// model; older servers of others ignore it.
func firstDialect(api API, host string) dialect {
	if api == Anthropic {
		return dialect{noSeed: true}
	}
	return dialect{completionTokens: host == "api.openai.com", topLogprobs: mostLogprobs}
}

// adapt returns the dialect to try after a server refused a parameter that answers do not depend
// on: another name for the limit of tokens, fewer or no log-probabilities, no seed. ok is false if
// there is nothing to try. A temperature is never left out, because that would change the answers.
func (d dialect) adapt(s Settings, reply modelserver.Reply) (next dialect, ok bool) {
	if reply.Status < http.StatusBadRequest {
		return d, false
	}
	said := complaint.Read(reply.Body)
	invalid := reply.Status == http.StatusBadRequest || reply.Status == http.StatusUnprocessableEntity
	unknown := said.Unknown("logprobs") || said.Unknown("top_logprobs")
	switch {
	case said.TooLong():
		return d, false
	case s.TopLogprobs > 0 && d.topLogprobs > 0 && unknown: // also with 403 or 500
		d.topLogprobs = 0
	case !invalid:
		return d, false
	case s.TopLogprobs > 0 && d.topLogprobs > 0 && (said.Mentions("logprobs") || said.Mentions("top_logprobs")):
		fewer := 0
		if min(s.TopLogprobs, d.topLogprobs) > fewLogprobs {
			fewer = fewLogprobs
		}
		d.topLogprobs = fewer
	case s.Seed != nil && !d.noSeed && said.Mentions("seed"):
		d.noSeed = true
	case s.MaxTokens != nil && !d.swapped && said.Unknown(d.limitName()):
		d.completionTokens, d.swapped = !d.completionTokens, true
	default:
		return d, false
	}
	return d, true
}

// limitName returns the name of the limit of tokens.
func (d dialect) limitName() string {
	if d.completionTokens {
		return "max_completion_tokens"
	}
	return "max_tokens"
}

// blamed returns the setting that an error names, or "".
func blamed(said complaint.Complaint, s Settings) string {
	switch {
	case s.Temperature != nil && said.Names("temperature"):
		return "temperature"
	case s.MaxTokens != nil && (said.Names("max_tokens") || said.Names("max_completion_tokens")):
		return "limit of tokens"
	}
	return ""
}

// learned is the dialect that worked last, and what the user should know about it.
type learned struct {
	mu      sync.Mutex
	dialect dialect
	notes   []string
}

func (l *learned) current() dialect {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dialect
}

func (l *learned) list() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.notes)
}

// learn remembers a dialect in which a request was answered that began with another.
func (l *learned) learn(from, d dialect, s Settings, a Answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d != from {
		l.dialect = d
	}
	switch {
	case s.TopLogprobs == 0:
	case d.topLogprobs == 0:
		l.note("the server does not report log-probabilities for this model: the columns made from them stay empty")
	case d.topLogprobs < min(s.TopLogprobs, mostLogprobs):
		l.note(fmt.Sprintf("the server reports at most %d alternatives per token", d.topLogprobs))
	case a.Tokens == nil && a.Text != "":
		l.note("the server left out the log-probabilities of at least one answer: the columns made from them stay empty there")
	}
	if s.Seed != nil && d.noSeed {
		l.note("the server takes no seed: its answers may differ between runs")
	}
}

func (l *learned) note(text string) {
	if !slices.Contains(l.notes, text) {
		l.notes = append(l.notes, text)
	}
}
