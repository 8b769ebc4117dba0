"""Read images by a server that runs ("duktus serve"), by the standard library: python examples/client.py IMAGE ..."""

import json
import os
import sys
import urllib.request

ADDRESS = os.environ.get("DUKTUS_SERVER", "http://127.0.0.1:8000") + "/v1/read?unit=line"
EDGE = "6f1c9a"

for name in sys.argv[1:]:
    with open(name, "rb") as file:
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="image"; filename="{os.path.basename(name)}"\r\n\r\n'
        body = head.encode() + file.read() + f"\r\n--{EDGE}--\r\n".encode()
    request = urllib.request.Request(ADDRESS, body, {"Content-Type": f"multipart/form-data; boundary={EDGE}"})
    for record in json.load(urllib.request.urlopen(request))["records"]:
        print(name, record.get("text") or record.get("error") or record["reason"])
