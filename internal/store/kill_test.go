package store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// child, if set, makes the test binary a process that puts values: FOLDER, FIRST, STEP.
const child = "ROUTELLM_STORE_CHILD"

func TestMain(m *testing.M) {
	if args := strings.Fields(os.Getenv(child)); len(args) == 3 {
		putForever(args)
	}
	os.Exit(m.Run())
}

// putForever puts values from four goroutines, single ones and several at once, and writes the number of each value
// to standard output once it is kept.
func putForever(args []string) {
	s, err := Open(context.Background(), args[0], "test")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	first, _ := strconv.Atoi(args[1])
	step, _ := strconv.Atoi(args[2])
	numbers := make(chan int)
	for range 4 {
		go func() {
			for i := range numbers {
				var digests []Digest
				var values [][]byte
				var line []byte
				for k := i; k <= i+step*(i%3); k += step {
					digests, values = append(digests, digestOf(k)), append(values, longOf(k))
					line = binary.LittleEndian.AppendUint32(line, uint32(k))
				}
				if err := s.PutAll(digests, values); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				_, _ = os.Stdout.Write(line)
			}
		}()
	}
	for i := first; ; i += step {
		numbers <- i
	}
}

// longOf returns a value of up to 300 kB, whose writing takes long enough for a kill to hit it.
func longOf(i int) []byte { return bytes.Repeat(fmt.Append(nil, i, "|"), i*i%40000) }

// TestKilledProcessesLoseNothing kills processes at random moments. Whatever they said to have kept must be there, and
// what they were writing must be gone without a warning.
func TestKilledProcessesLoseNothing(t *testing.T) {
	rounds := 8
	if os.Getenv("ROUTELLM_NIGHTLY") == "1" {
		rounds = 100
	}
	dir, r := t.TempDir(), rand.New(rand.NewPCG(1, 2))
	kept, torn := map[int]bool{}, 0
	for round := range rounds {
		const processes = 2
		var g sync.WaitGroup
		var mu sync.Mutex
		for p := range processes {
			acknowledged, wait := 1+r.IntN(30), time.Duration(r.IntN(3000))*time.Microsecond
			g.Go(func() {
				numbers := putAndKill(t, dir, round*1000*processes+p, processes, acknowledged, wait)
				mu.Lock()
				defer mu.Unlock()
				for _, k := range numbers {
					kept[k] = true
				}
			})
		}
		g.Wait()
		torn += checkKept(t, dir, kept)
	}
	t.Logf("%d values kept, %d of %d rounds left an incomplete write", len(kept), torn, rounds)
	if len(kept) < rounds*4 {
		t.Errorf("only %d values were kept", len(kept))
	}
	if n := len(files(t, dir)); n > 2 {
		t.Errorf("%d files, want one per process at a time", n)
	}
}

// putAndKill starts a process, and kills it a while after it has kept so many values. It returns the numbers of the
// values that the process said to have kept.
func putAndKill(t *testing.T, dir string, first, step, acknowledged int, wait time.Duration) (numbers []int) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d %d", child, dir, first, step))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Error(err)
		return nil
	}
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return nil
	}
	in := bufio.NewReader(out)
	var number [4]byte
	for {
		if _, err := io.ReadFull(in, number[:]); err != nil {
			break
		}
		numbers = append(numbers, int(binary.LittleEndian.Uint32(number[:])))
		if len(numbers) == acknowledged {
			time.AfterFunc(wait, func() { _ = cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || len(numbers) < acknowledged {
		t.Errorf("the process was not killed: %v", cmd.ProcessState)
	}
	return numbers
}

// checkKept returns the number of files that end with an incomplete write.
func checkKept(t *testing.T, dir string, kept map[int]bool) (torn int) {
	t.Helper()
	s := open(t, dir)
	for k := range kept {
		if got, ok, err := s.Get(digestOf(k)); err != nil || !ok || !bytes.Equal(got, longOf(k)) {
			t.Fatalf("value %d: %d bytes, want %d, %v, %v", k, len(got), len(longOf(k)), ok, err)
		}
	}
	if w := s.Warnings(); len(w) > 0 {
		t.Fatalf("warnings %q", w)
	}
	for _, f := range s.files {
		if info, err := os.Stat(f.path); err != nil {
			t.Error(err)
		} else if info.Size() > f.end {
			torn++
		}
	}
	return torn
}
