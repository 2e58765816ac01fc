import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Router(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        scores = [{"id": p["id"], "score": len(p["prompt"].split())} for p in body["prompts"]]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"scores": scores}).encode())

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Router).serve_forever()
