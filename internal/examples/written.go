package examples

// written are the files that people wrote, by name.
var written = map[string]string{
	"outcomes.csv": `id,topic,question,big,small
a1,law,may a tenant sublet without asking,1,0
a2,law,who signs,1,1
a3,sums,add 17 and 25 and take away 4,1,0
a4,sums,add 2 and 2,1,1
a5,sums,what is the eleventh prime number,0,0
a6,law,name one duty of a landlord towards a tenant,1,0
`,
	"answers.jsonl": `{"id":"a1","question":"may a tenant sublet without asking","model":"gpt-4o","score":9}
{"id":"a1","question":"may a tenant sublet without asking","model":"llama","score":4}
{"id":"a2","question":"who signs","model":"gpt-4o","score":8}
{"id":"a2","question":"who signs","model":"llama","score":8}
{"id":"a3","question":"add 17 and 25 and take away 4","model":"gpt-4o","score":9}
{"id":"a3","question":"add 17 and 25 and take away 4","model":"llama","score":2}
`,
	"big.csv":   "id,question,correct\na1,may a tenant sublet without asking,1\na2,who signs,1\na3,add 17 and 25 and take away 4,1\na4,add 2 and 2,1\n",
	"small.csv": "id,question,correct\na4,add 2 and 2,1\na3,add 17 and 25 and take away 4,0\na2,who signs,1\na1,may a tenant sublet without asking,0\n",
	"battles.csv": `id,prompt,model_a,model_b,winner
v1,may a tenant sublet without asking,big,small,model_a
v2,who signs,small,big,tie
v3,add 17 and 25 and take away 4,small,big,model_b
v4,add 2 and 2,big,small,tie (bothbad)
`,
	"grades.csv": `prompt,model,grade
may a tenant sublet without asking,big,9
may a tenant sublet without asking,small,4
may a tenant sublet without asking,tiny,4
who signs,big,8
who signs,small,8
`,
	"epochs.csv": "id,question,model,score,cost\na1,who signs,big,1,0.02\na1,who signs,small,1,0.001\na1,who signs,small,0,0.003\n" +
		"a2,add 2 and 2,big,1,0.01\na2,add 2 and 2,small,1,0.001\n",
	"scores.csv":  "sample_id,score\na1,0.8\na2,0.1\na3,0.7\na4,0.2\na5,0.9\na6,0.6\n",
	"route.csv":   "sample_id,decision\na1,strong\na2,weak\na3,strong\na4,weak\na5,weak\na6,weak\n",
	"replies.csv": "sample_id,prompt,answer:big,answer:small\na1,add 2 and 2,4,The answer is 5.\na2,who signs a lease,Landlord and tenant.,\n",
	"answers.csv": `sample_id,reference,answer:big,answer:small
a1,,yes,no
a2,,the tenant,the tenant
a3,38,"17 + 25 = 42, and 42 - 4 = $38.00.",38 dollars.
a4,4,#### 4,4.
a5,31,The eleventh prime is 29.,
`,
	"code.jsonl": `{"id":"c1","prompt":"Write add(a, b).","test":"assert add(2, 3) == 5","answer:big":"def add(a, b): return a + b","answer:small":"def add(a, b): return a - b"}
{"id":"c2","prompt":"Write twice(a).","test":"assert twice(4) == 8","answer:big":"def twice(a): return 2 * a","answer:small":"twice = lambda a: a + a"}
`,
	"choices.csv": `sample_id,prompt,correct,answer:big,answer:small,quality:big,quality:small
q1,"Which of these floats? A. iron B. cork C. lead D. glass",B,"Cork is lighter than water, so the answer is B.",B,1,1
q2,"Which of these rusts? A. iron B. cork C. gold D. glass",A,**A. iron**,It is iron (A) or gold (C).,1,1
q3,"Which of these burns? A. iron B. cork C. gold D. glass",B,\boxed{B},The answer is (D).,0,0
q4,"Which of these is a metal? A. wood B. cork C. lead D. glass",C,"Not A, B or D. So C.",Option c,1,1
`,
	"policy.yaml": `rules:
  - mt-bench.mf.apgr >= 0.6
  - mt-bench.mf.cpt.50 <= 0.3
  - name: no router got worse
    check: delta.apgr.lo > -0.02
  - name: better than length by far
    check: mt-bench.length.apgr > 0.7
waivers:
  - rule: better than length by far
    on: mt-bench.length
    until: 2999-12-31
    reason: length knows nothing, this shows a waiver
`,
	"pool-policy.yaml": "rules:\n  - pareto.random.cost_for.95 <= 0.2\n  - pareto.random.usd_per_1k.hi <= 5\n  - delta.lift.lo > -0.01\n",
	"prompts.jsonl":    "{\"prompt\": \"who signs\"}\n{\"prompt\": \"add 2 and 2\"}\n",
	"traffic.jsonl":    "{\"text\": \"first\"}\n{\"text\": \"a second one\"}\n",
	"serve.yaml":       "router: mf\nthreshold: 0.3\nstrong: gpt-4o@https://api.openai.com/v1\nweak: llama@http://127.0.0.1:8080/v1\n",
	"scan.csv": "total,usable,score_null,score_not_finite,quality_null,quality_not_finite,lo,hi,distinct_values\n" +
		"12523,12523,0,0,0,0,0.15437392311335094,0.4116021719757578,11709\n",
	"summary.csv": `bin,score_min,score_max,n,strong,weak,gain2
1,0.15437392311335094,0.18558012777953478,285,124.0,109.0,89.0
2,0.18570205364349054,0.2168679092567585,629,301.0,283.0,220.0
3,0.21687956949558332,0.24812242310085317,3197,2748.0,2500.0,514.0
4,0.24815613879888893,0.2793651662321869,4896,4200.0,3658.0,922.0
5,0.27938377604271764,0.31052412512954863,1962,1562.0,1238.0,514.0
6,0.3106707743973289,0.34186581390658094,1363,1038.0,632.0,536.0
7,0.34191585160444443,0.3710146546604169,177,132.0,91.0,69.0
8,0.3734900060273618,0.39914529391639886,13,10.0,5.0,7.0
9,0.4116021719757578,0.4116021719757578,1,0.0,0.0,0.0
`,
	"token_prices.csv": "model,input,output\ngpt-4o,2.5,10\nllama,0.1,0.4\n",
	"check.py": `import json
import subprocess
import sys

task = json.load(sys.stdin)
program = task["code"] + "\n" + task["reference"]
done = subprocess.run([sys.executable, "-c", program], capture_output=True)
sys.exit(0 if done.returncode == 0 else 1)
`,
	"router.py": `import json, sys

HARD = {"prove", "derive", "tenant", "landlord"}

for line in sys.stdin:
    sample = json.loads(line)
    words = sample["prompt"].lower().split()
    score = len(words) + 10 * len(HARD.intersection(words))
    print(json.dumps({"id": sample["id"], "score": score}))
`,
	"server.py": `import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Router(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        scores = [{"id": p["id"], "score": len(p["prompt"].split())} for p in body["prompts"]]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"scores": scores}).encode())

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Router).serve_forever()
`,
}
