package serve

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestMain runs a model's server instead of the tests if ROUTELLM_TEST_UPSTREAM is set, for
// the test that kills one.
func TestMain(m *testing.M) {
	if os.Getenv("ROUTELLM_TEST_UPSTREAM") == "" {
		os.Exit(m.Run())
	}
	s := httptest.NewServer(http.HandlerFunc(pauses))
	fmt.Println(s.URL)
	select {}
}

// TestUpstreamKilled kills a model's server within an answer.
func TestUpstreamKilled(t *testing.T) {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "ROUTELLM_TEST_UPSTREAM=1")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Process.Kill()
	at, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	strong := newFake(t, fine)
	p := start(t, strong.URL, strings.TrimSpace(at), func(s *Settings) { s.Fallback = true })
	res, err := p.Client().Post(p.URL+"/v1/chat/completions", "", strings.NewReader(chat("routellm", easy)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	if line, err := lines.ReadString('\n'); err != nil || line != "data: "+chunk("a")+"\n" {
		t.Fatalf("%v, read %q", err, line)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = lines.ReadString('\n')
	}
	if err.Error() == "EOF" {
		t.Error("the answer ended as if it were complete")
	}
	if r := p.records(t, 1)[0]; r.Error != "cut" || r.Status != 200 || r.Fallback || r.Answered != "weak" {
		t.Errorf("logged %+v", r)
	}
	if res, answer, err := p.post(t, "/v1/chat/completions", chat("routellm", easy)); err != nil || res.StatusCode != 200 || answer != completion {
		t.Errorf("the next request: %v, status %d, %s", err, res.StatusCode, answer)
	}
}
