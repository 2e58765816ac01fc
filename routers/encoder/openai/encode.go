package openai

import (
	"context"
	"net/http"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/routellm/routellm/internal/modelserver"
)

// Encode returns one vector per text, as the server made it; its length need not be 1. An
// empty text is sent as one space, because servers refuse empty texts. Bytes that are not
// UTF-8 become U+FFFD. No text is cut short: one that is too long for the model is an
// error. A server's error about a batch wraps an [*encoder.BatchError].
func (e *Encoder) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	texts = clean(texts)
	out, done := make([][]float32, len(texts)), 0
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(concurrency)
	for lo, hi := 0, 0; lo < len(texts); lo = hi {
		hi = lo + batch(texts[lo:])
		g.Go(func() error {
			if err := e.request(ctx, out, texts, lo, hi); err != nil {
				return err
			}
			e.report(&done, hi-lo, len(texts))
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if err := checkLengths(out); err != nil {
		return nil, e.malformed(err)
	}
	return out, nil
}

// clean makes texts acceptable to servers.
func clean(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		if out[i] = strings.ToValidUTF8(text, "\uFFFD"); text == "" {
			out[i] = " "
		}
	}
	return out
}

// batch returns the number of texts in the next request, at least one.
func batch(texts []string) int {
	n, size := 0, 0
	for n < min(len(texts), maxTexts) {
		if size += len(texts[n]); size > maxBytes && n > 0 {
			break
		}
		n++
	}
	return n
}

func (e *Encoder) report(done *int, more, total int) {
	e.serial.Lock()
	defer e.serial.Unlock()
	if *done += more; e.options.Progress != nil {
		e.options.Progress(*done, total)
	}
}

// body is the body of a request.
type body struct {
	Input      []string `json:"input"`
	Model      string   `json:"model"`
	Dimensions int      `json:"dimensions,omitempty"`
}

// request requests the vectors of texts lo to hi and writes them to out.
func (e *Encoder) request(ctx context.Context, out [][]float32, texts []string, lo, hi int) error {
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	body, err := modelserver.JSON(body{texts[lo:hi], e.options.Model, e.options.Dimensions})
	if err != nil {
		return err
	}
	answer, err := e.client.Do(ctx, http.MethodPost, e.url.JoinPath("embeddings").String(), body)
	switch {
	case err != nil:
		return e.unreachable(ctx, err)
	case answer.Status >= http.StatusMultipleChoices:
		return e.refused(answer, lo, hi-lo)
	}
	if err := decode(out[lo:hi], answer.Body, e.options.Dimensions); err != nil {
		return e.malformed(err)
	}
	return nil
}
