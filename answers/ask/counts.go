package ask

import (
	"errors"
	"math"

	"github.com/routellm/routellm/answers/chat"
)

// Counts says what an asker did so far.
type Counts struct {
	Asked     int     // Asked is the number of questions that were sent and answered
	FromStore int     // FromStore is the number of answers for which nothing was sent
	Refused   int     // Refused is the number of questions that the server refused
	Failed    int     // Failed is the number of questions without an answer for other reasons
	Retried   int     // Retried is the number of requests beyond the first of each question
	USD       float64 // USD is the cost of the answers that were sent for, as far as it is known
	Unpriced  int     // Unpriced is the number of those whose cost is not known
}

// Counts returns what the asker did so far.
func (a *Asker) Counts() Counts {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.counts
	c.USD = float64(a.usd) / usdUnit
	return c
}

// usdUnit is the number of units of Asker.usd in a dollar.
const usdUnit = 1e12

func (a *Asker) add(change func(c *Counts)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(&a.counts)
}

// record counts a question that was sent.
func (a *Asker) record(answer chat.Answer, cost float64, err error) {
	a.add(func(c *Counts) {
		refused := errors.As(err, new(*chat.Refused))
		c.Asked += one(err == nil)
		c.Refused += one(refused)
		c.Failed += one(err != nil && !refused)
		c.Retried += max(0, answer.Requests-1)
		c.Unpriced += one(err == nil && math.IsNaN(cost))
		if err == nil && cost > 0 {
			a.usd += int64(math.Round(cost * usdUnit))
		}
	})
}

// one returns 1 if something holds, else 0.
func one(holds bool) int {
	if holds {
		return 1
	}
	return 0
}
