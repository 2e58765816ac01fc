import json
import subprocess
import sys

task = json.load(sys.stdin)
program = task["code"] + "\n" + task["reference"]
done = subprocess.run([sys.executable, "-c", program], capture_output=True)
sys.exit(0 if done.returncode == 0 else 1)
