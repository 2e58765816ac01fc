// Package bert scores prompts with a BERT classifier from a Hugging Face folder. Call
// [Open], then Scores. The network runs in ONNX Runtime, a shared library, so it needs a
// build with cgo and the tag onnx: `make build-onnx`. In any other build Open checks the
// folder and returns an error that says so.
package bert

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/modelfile"
)

// Options configures a classifier. The zero value holds the defaults.
type Options struct {
	// Library is the path of ONNX Runtime's shared library. It defaults to
	// $ROUTELLM_ONNXRUNTIME, then to the first one found beside the program or in the
	// usual folders.
	Library string
	// Threads is the number of prompts scored concurrently; 0 means all cores.
	Threads int
}

// Router is what [Open] returns. If the folder has a training.safetensors, the router
// also implements [routers.Trained] and [routers.Paired].
type Router interface {
	routers.Router
	routers.Weighted
}

// network is a loaded model.onnx. logits may be called concurrently.
type network interface {
	logits(ids []int64) ([]float32, error)
}

// classifier scores prompts one by one, without padding, so each score depends only on
// its prompt.
type classifier struct {
	folder  *folder
	network network
	threads int
	sha256  string
}

// Open opens the classifier in a folder with these files:
//
//	model.onnx             inputs input_ids, attention_mask and optionally token_type_ids, one output: logits
//	config.json            label map and longest sequence
//	vocab.txt              BERT's uncased vocabulary; alternatively in tokenizer.json
//	tokenizer_config.json  optional: a smaller longest sequence
//	training.safetensors   optional: digests of the training prompts
//
// It returns an error for any other kind of network, tokenizer or label map, and for a
// network whose output is not finite.
func Open(dir string, o Options) (Router, error) {
	f, err := readFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", dir, err)
	}
	path := filepath.Join(dir, modelFile)
	digest, err := datasets.Digest(path)
	if err != nil {
		return nil, err
	}
	trained, err := modelfile.FolderCard(dir, "routellm-bert")
	if err != nil {
		return nil, err
	}
	n, err := openNetwork(path, o.Library, len(f.strong))
	if err != nil {
		return nil, err
	}
	c := &classifier{folder: f, network: n, threads: o.Threads, sha256: digest}
	if c.threads <= 0 {
		c.threads = runtime.GOMAXPROCS(0)
	}
	if err := c.probe(); err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	if trained != nil {
		return &trainedClassifier{c, trained}, nil
	}
	return c, nil
}

// Needs returns the text.
func (c *classifier) Needs() routers.Needs { return routers.Needs{Text: true} }

// SHA256 returns the digest of model.onnx.
func (c *classifier) SHA256() string { return c.sha256 }

// Scores returns one win rate per prompt: the probability of the labels that call for the
// strong model. Prompts must have a text.
func (c *classifier) Scores(ctx context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	g, running := errgroup.WithContext(ctx)
	g.SetLimit(c.threads)
	for i, p := range prompts {
		if running.Err() != nil {
			break
		}
		g.Go(func() (err error) {
			out[i], err = c.score(running, p.Text)
			if err != nil {
				return fmt.Errorf("sample %q: %w", p.ID, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return out, ctx.Err()
}

// probe scores an empty prompt: a network with a non-finite weight is refused when it is
// opened, not at the first request.
func (c *classifier) probe() error {
	_, err := c.score(context.Background(), "")
	return err
}

func (c *classifier) score(ctx context.Context, text string) (float64, error) {
	ids, err := c.folder.ids(ctx, text)
	if err != nil {
		return 0, err
	}
	logits, err := c.network.logits(ids)
	if err != nil {
		return 0, err
	}
	rate := winRate(logits, c.folder.strong)
	if math.IsNaN(rate) {
		return 0, fmt.Errorf("the network's output %v is not finite", logits)
	}
	return rate, nil
}

// winRate returns the softmax of the logits, summed over the labels that call for the
// strong model.
func winRate(logits []float32, strong []bool) float64 {
	top, all, won := math.Inf(-1), 0.0, 0.0
	for _, z := range logits {
		top = max(top, float64(z))
	}
	for i, z := range logits {
		p := math.Exp(float64(z) - top)
		all += p
		if strong[i] {
			won += p
		}
	}
	return won / all
}
