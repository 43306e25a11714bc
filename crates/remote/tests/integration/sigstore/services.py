"""A small Sigstore on this machine: a certificate authority with a log of certificates, a
transparency log in version 1 and one in version 2, a timestamp authority, and providers of tokens.

    services.py FOLDER

Writes its trusted root, and another one that goes with no service, to FOLDER, prints its port, and
ends when its standard input does. The first part of a path says how a service misbehaves: `/good`
does not. Each does in full what the real one does, so that what passes here was really signed."""

import base64
import datetime
import hashlib
import http.server
import json
import pathlib
import ssl
import struct
import subprocess
import sys
import threading
import time

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

DER = serialization.Encoding.DER
PEM = serialization.Encoding.PEM
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo
FOLDER = pathlib.Path(sys.argv[1])
DAY = datetime.timedelta(days=1)


def b64(content):
    return base64.b64encode(content).decode()


def sha256(content):
    return hashlib.sha256(content).digest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


def spki(key):
    return key.public_key().public_bytes(DER, SPKI)


def sign(key, message):
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(message)
    return key.sign(message, ec.ECDSA(hashes.SHA256()))


def verify(public, signature, message):
    if isinstance(public, ed25519.Ed25519PublicKey):
        public.verify(signature, message)
    else:
        public.verify(signature, message, ec.ECDSA(hashes.SHA256()))


class Wrong(Exception):
    """What a service refuses, with its status."""

    def __init__(self, status, message, headers=()):
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers


# Certificates.

def name(text):
    parts = [(NameOID.ORGANIZATION_NAME, "sigstore.example"), (NameOID.COMMON_NAME, text)]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


class Authority:
    """A root, what is below it, and how it certifies."""

    def __init__(self, text, usage):
        self.root_key, self.key = new_key(), new_key()
        self.root = self.certify(text, self.root_key, None, True, None)
        self.certificate = self.certify(f"{text}-below", self.key, self.root, usage is None, usage)

    def certify(self, text, key, issuer, is_authority, usage):
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(text))
            .issuer_name(issuer.subject if issuer else name(text))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now() - DAY)
            .not_valid_after(now() + 365 * DAY)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(usage_of(is_authority), critical=True)
        )
        if issuer:
            identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key())
            builder = builder.add_extension(identifier, critical=False)
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        return builder.sign(self.root_key, hashes.SHA256())

    def chain(self):
        return [self.certificate, self.root]


def usage_of(is_authority):
    return x509.KeyUsage(
        digital_signature=not is_authority, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=is_authority,
        crl_sign=is_authority, encipher_only=False, decipher_only=False)


class CertificateLog:
    """A log of certificates, as far as its promises: RFC 6962."""

    def __init__(self):
        self.key = new_key()

    def promise(self, tbs, issuer_key, key=None):
        moment = int(time.time() * 1000)
        entry = struct.pack(">BBQH", 0, 0, moment, 1) + sha256(spki(issuer_key))
        entry += struct.pack(">I", len(tbs))[1:] + tbs + struct.pack(">H", 0)
        signature = sign(key or self.key, entry)
        promise = struct.pack(">B32sQH", 0, sha256(spki(self.key)), moment, 0)
        promise += struct.pack(">BBH", 4, 3, len(signature)) + signature
        listed = struct.pack(">HH", len(promise) + 2, len(promise)) + promise
        # An octet string, whose length takes one byte or two.
        head = bytes([0x04, len(listed)] if len(listed) < 128 else [0x04, 0x81, len(listed)])
        return x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), head + listed)


FULCIO, TSA = Authority("fulcio", None), Authority("stamps", ExtendedKeyUsageOID.TIME_STAMPING)
OTHER_FULCIO, OTHER_TSA = Authority("fulcio", None), Authority("stamps", ExtendedKeyUsageOID.TIME_STAMPING)
CERTIFICATES = CertificateLog()


def claims_of(token):
    parts = token.split(".")
    if len(parts) != 3:
        raise Wrong(400, "the token is malformed")
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    if claims["aud"] != "sigstore" or claims["exp"] < time.time():
        raise Wrong(401, "the token is not valid")
    return claims


def utf8_string(text):
    content = text.encode()
    assert len(content) < 128
    return bytes([0x0C, len(content)]) + content


def certificate(fault, request):
    token = request["credentials"]["oidcIdentityToken"]
    if fault == "repeating":
        raise Wrong(400, f"There was an error processing the identity token {token}")
    claims = claims_of(token)
    asked = request["publicKeyRequest"]
    assert asked["publicKey"]["algorithm"] == "ECDSA"
    public = serialization.load_pem_public_key(asked["publicKey"]["content"].encode())
    subject = claims.get("email") or claims["sub"]
    try:
        verify(public, base64.b64decode(asked["proofOfPossession"]), subject.encode())
    except InvalidSignature:
        raise Wrong(400, "the proof of possession does not hold") from None
    if fault == "another-key":
        public = new_key().public_key()
    if claims.get("email"):
        person = "somebody.else@example.org" if fault == "another-person" else claims["email"]
        identity = x509.RFC822Name(person)
    else:
        identity = x509.UniformResourceIdentifier("https://forge.example/" + claims["job_workflow_ref"])
    authority = OTHER_FULCIO if fault == "another-authority" else FULCIO
    begin = now() - DAY if fault == "expired" else now() - datetime.timedelta(seconds=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(authority.certificate.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(minutes=10))
        .add_extension(usage_of(False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([identity]), critical=True)
    )
    for number, value in ((1, claims["iss"].encode()), (8, utf8_string(claims["iss"]))):
        oid = ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}")
        builder = builder.add_extension(x509.UnrecognizedExtension(oid, value), critical=False)
    made = builder.sign(authority.key, hashes.SHA256())
    if fault != "no-promise":
        key = new_key() if fault == "forged-promise" else None
        promise = CERTIFICATES.promise(made.tbs_certificate_bytes, authority.key, key)
        made = builder.add_extension(promise, critical=False).sign(authority.key, hashes.SHA256())
    chain = [item.public_bytes(PEM).decode() for item in [made, *authority.chain()]]
    if fault == "detached":
        return {"signedCertificateDetachedSct": {"chain": {"certificates": chain}, "signedCertificateTimestamp": ""}}
    if fault == "no-certificate":
        chain = []
    return {"signedCertificateEmbeddedSct": {"chain": {"certificates": chain}}}


# Logs.

def root_of(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + root_of(leaves[:half]) + root_of(leaves[half:]))


def path_to(index, leaves):
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return path_to(index, leaves[:half]) + [root_of(leaves[half:])]
    return path_to(index - half, leaves[half:]) + [root_of(leaves[:half])]


class Log:
    """A growing Merkle tree with signed checkpoints, RFC 6962 and the format of signed notes."""

    def __init__(self, origin, key, identifier):
        self.origin, self.key, self.identifier = origin, key, identifier
        self.leaves = [sha256(b"\x00" + f"earlier {number}".encode()) for number in range(5)]
        self.lock = threading.Lock()

    def add(self, body):
        """The index of a new leaf, with the root, the size and the path at this moment."""
        with self.lock:
            self.leaves.append(sha256(b"\x00" + body))
            index = len(self.leaves) - 1
            return index, root_of(self.leaves), len(self.leaves), path_to(index, self.leaves)

    def checkpoint(self, root, size, key=None):
        note = f"{self.origin}\n{size}\n{b64(root)}\n"
        signature = self.identifier[:4] + sign(key or self.key, note.encode())
        return f"{note}\n\u2014 {self.origin.split()[0]} {b64(signature)}\n"


LOG_KEY, TILES_KEY = new_key(), ed25519.Ed25519PrivateKey.generate()
TILES_RAW = TILES_KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
LOG = Log("rekor.example - 12345", LOG_KEY, sha256(spki(LOG_KEY)))
TILES = Log("tiles.example", TILES_KEY, sha256(b"tiles.example\n\x01" + TILES_RAW))
FOREIGN_KEY = new_key()
ENTRIES = {}


def encoded(payload_type, payload):
    head = f"DSSEv1 {len(payload_type)} {payload_type} {len(payload)} "
    return head.encode() + payload


def public_of(pem):
    if b"CERTIFICATE" in pem:
        return x509.load_pem_x509_certificate(pem).public_key()
    return serialization.load_pem_public_key(pem)


def entry_of_version_1(fault, request):
    assert (request["kind"], request["apiVersion"]) == ("dsse", "0.0.1")
    proposed = request["spec"]["proposedContent"]
    envelope = json.loads(proposed["envelope"])
    [verifier], [signature] = proposed["verifiers"], envelope["signatures"]
    payload = base64.b64decode(envelope["payload"])
    try:
        message = encoded(envelope["payloadType"], payload)
        verify(public_of(base64.b64decode(verifier)), base64.b64decode(signature["sig"]), message)
    except InvalidSignature:
        raise Wrong(400, "error processing entry: signature invalid") from None
    if fault == "another-entry":
        payload = b"{}"
    body = canonical({"apiVersion": "0.0.1", "kind": "dsse", "spec": {
        "envelopeHash": {"algorithm": "sha256", "value": sha256(proposed["envelope"].encode()).hex()},
        "payloadHash": {"algorithm": "sha256", "value": sha256(payload).hex()},
        "signatures": [{"signature": signature["sig"], "verifier": verifier}],
    }})
    name = "00" * 8 + sha256(b"\x00" + body).hex()
    if name in ENTRIES:
        raise Wrong(409, "an equivalent entry already exists", [("Location", f"/api/v1/log/entries/{name}")])
    index, root, size, path = LOG.add(body)
    moment = int(time.time()) + (86400 if fault == "future" else 0)
    entry = {"body": b64(body), "integratedTime": moment, "logID": LOG.identifier.hex(), "logIndex": 1000 + index}
    if fault == "unknown-log":
        entry["logID"] = sha256(spki(FOREIGN_KEY)).hex()
    promise = sign(FOREIGN_KEY if fault == "forged-promise" else LOG_KEY, canonical(entry))
    if fault == "wrong-proof":
        path[0] = sha256(path[0])
    entry["verification"] = {
        "inclusionProof": {
            "checkpoint": LOG.checkpoint(root, size, FOREIGN_KEY if fault == "another-checkpoint" else None),
            "hashes": [item.hex() for item in path], "logIndex": index, "rootHash": root.hex(), "treeSize": size,
        },
        "signedEntryTimestamp": b64(promise),
    }
    if fault == "no-promise":
        del entry["verification"]["signedEntryTimestamp"]
    if fault == "two-entries":
        return {name: entry, "1" + name[1:]: entry}
    ENTRIES[name] = {name: entry}
    return ENTRIES[name]


def entry_of_version_2(fault, request):
    asked = request["hashedRekordRequestV002"]
    verifier = asked["signature"]["verifier"]
    assert verifier["keyDetails"] == "PKIX_ECDSA_P256_SHA_256"
    if "x509Certificate" in verifier:
        public = x509.load_der_x509_certificate(base64.b64decode(verifier["x509Certificate"]["rawBytes"])).public_key()
    else:
        public = serialization.load_der_public_key(base64.b64decode(verifier["publicKey"]["rawBytes"]))
    digest = base64.b64decode(asked["digest"])
    try:
        from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
        signature = base64.b64decode(asked["signature"]["content"])
        public.verify(signature, digest, ec.ECDSA(Prehashed(hashes.SHA256())))
    except InvalidSignature:
        raise Wrong(400, "invalid signature") from None
    if fault == "another-entry":
        digest = sha256(digest)
    body = canonical({"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": {
        "data": {"algorithm": "SHA2_256", "digest": b64(digest)}, "signature": asked["signature"]}}})
    index, root, size, path = TILES.add(body)
    if fault == "wrong-proof":
        path[0] = sha256(path[0])
    kind = {"kind": "dsse" if fault == "another-kind" else "hashedrekord", "version": "0.0.2"}
    if fault == "another-kind":
        kind["version"] = "0.0.1"
    forger = ed25519.Ed25519PrivateKey.generate() if fault == "another-checkpoint" else None
    return {
        "logIndex": str(index), "logId": {"keyId": b64(TILES.identifier)}, "kindVersion": kind,
        "integratedTime": "0", "inclusionPromise": None,
        "inclusionProof": {
            "logIndex": str(index), "rootHash": b64(root), "treeSize": str(size),
            "hashes": [b64(item) for item in path],
            "checkpoint": {"envelope": TILES.checkpoint(root, size, forger)},
        },
        "canonicalizedBody": b64(body),
    }


# Timestamps, which openssl makes.

TSA_SETTINGS = """
[tsa]
default_tsa = stamps
[stamps]
serial = {folder}/{name}.serial
signer_cert = {folder}/{name}.pem
signer_key = {folder}/{name}.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digests}
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def write_authority(authority, name, digests="sha256, sha384, sha512"):
    key = authority.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (FOLDER / f"{name}.key").write_bytes(key)
    (FOLDER / f"{name}.pem").write_bytes(authority.certificate.public_bytes(PEM))
    (FOLDER / f"{name}.serial").write_text("01\n")
    (FOLDER / f"{name}.cnf").write_text(TSA_SETTINGS.format(folder=FOLDER, name=name, digests=digests))


def write_server():
    """The certificate of this server, which vouches for itself, and its key."""
    key = new_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name("localhost"))
        .issuer_name(name("localhost"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - DAY)
        .not_valid_after(now() + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(False, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (FOLDER / "server.pem").write_bytes(certificate.public_bytes(PEM))
    (FOLDER / "server.key").write_bytes(secret)
    return FOLDER / "server.pem", FOLDER / "server.key"


STAMPING = threading.Lock()


def stamp(fault, query):
    name = {"another-authority": "other", "refusing": "refusing"}.get(fault, "stamps")
    with STAMPING:
        asked, given = FOLDER / "query", FOLDER / "answer"
        asked.write_bytes(query)
        if fault == "other-bytes":
            # The imprint lies at a fixed place in a request that has no policy.
            asked.write_bytes(query[:24] + sha256(query) + query[56:])
        if fault == "other-request":
            asked.write_bytes(query[:-4] + bytes([query[-4] ^ 1]) + query[-3:])
        subprocess.run(
            ["openssl", "ts", "-reply", "-config", FOLDER / f"{name}.cnf", "-section", "stamps",
             "-queryfile", asked, "-out", given],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return given.read_bytes()


# The trusted root, and the services themselves.

def trusted_root():
    since = {"start": "2020-01-01T00:00:00Z"}

    def log(address, key, identifier, details="PKIX_ECDSA_P256_SHA_256"):
        return {"baseUrl": address, "hashAlgorithm": "SHA2_256", "logId": {"keyId": b64(identifier)},
                "publicKey": {"rawBytes": b64(spki(key)), "keyDetails": details, "validFor": since}}

    def authority(address, chain):
        return {"subject": {"organization": "sigstore.example", "commonName": "test"}, "uri": address, "validFor": since,
                "certChain": {"certificates": [{"rawBytes": b64(item.public_bytes(DER))} for item in chain]}}

    return {
        "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "tlogs": [log("https://rekor.example", LOG_KEY, LOG.identifier),
                  log("https://tiles.example", TILES_KEY, TILES.identifier, "PKIX_ED25519")],
        "ctlogs": [log("https://certificates.example", CERTIFICATES.key, sha256(spki(CERTIFICATES.key)))],
        "certificateAuthorities": [authority("https://fulcio.example", FULCIO.chain())],
        "timestampAuthorities": [authority("https://stamps.example", TSA.chain())],
    }


SERVICES = {
    "/api/v2/signingCert": certificate,
    "/api/v1/log/entries": entry_of_version_1,
    "/api/v2/log/entries": entry_of_version_2,
}
TOKENS = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, content, kind="application/json", headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for field, value in headers:
            self.send_header(field, value)
        self.end_headers()
        self.wfile.write(content)

    def refuse(self, wrong):
        content = json.dumps({"code": 3, "message": wrong.message}).encode()
        self.answer(wrong.status, content, headers=wrong.headers)

    def parts(self):
        fault, _, path = self.path[1:].partition("/")
        return fault, "/" + path

    def do_PUT(self):
        """A token that providers give from now on, told by whoever tests."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        TOKENS[self.path] = content.decode()
        self.answer(200, b"{}")

    def do_GET(self):
        _, path = self.parts()
        entry = ENTRIES.get(path.rpartition("/")[2])
        if self.path.startswith("/github/"):
            if self.headers["Authorization"] != "Bearer job-secret" or not self.path.endswith("&audience=sigstore"):
                return self.refuse(Wrong(403, "who are you"))
            return self.answer(200, json.dumps({"value": TOKENS["/github"]}).encode())
        if entry is None:
            return self.refuse(Wrong(404, "no such entry"))
        return self.answer(200, json.dumps(entry).encode())

    def do_POST(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        fault, path = self.parts()
        if fault == "buildkite":
            known = self.headers["Authorization"] == "Token job-secret" and path == "/jobs/job-1/oidc/tokens"
            if not known or json.loads(content) != {"audience": "sigstore"}:
                return self.refuse(Wrong(403, "who are you"))
            return self.answer(200, json.dumps({"token": TOKENS["/buildkite"]}).encode())
        if fault == "silent":
            time.sleep(20)
            return None
        if fault == "unavailable":
            return self.refuse(Wrong(503, "try again later"))
        if fault == "elsewhere":
            return self.answer(307, b"", headers=[("Location", "/good" + path)])
        if fault == "nonsense":
            return self.answer(200, b"<html>welcome</html>", "text/html")
        if fault == "endless":
            return self.answer(200, b"{" + b" " * (100 << 20))
        try:
            if path == "/timestamp":
                assert self.headers["Content-Type"] == "application/timestamp-query"
                return self.answer(200, stamp(fault, content), "application/timestamp-reply")
            made = SERVICES[path](fault, json.loads(content))
            return self.answer(201, json.dumps(made).encode())
        except Wrong as wrong:
            return self.refuse(wrong)
        except Exception as error:
            return self.refuse(Wrong(422, f"{type(error).__name__}: {error}"))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that goes away is no error of this server."""


write_authority(TSA, "stamps")
write_authority(TSA, "refusing", "sha512")
write_authority(OTHER_TSA, "other")
(FOLDER / "trusted_root.json").write_text(json.dumps(trusted_root()))
server, encrypted = Server(("127.0.0.1", 0), Handler), Server(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(*write_server())
encrypted.socket = context.wrap_socket(encrypted.socket, server_side=True, do_handshake_on_connect=False)
for one in (server, encrypted):
    threading.Thread(target=one.serve_forever, daemon=True).start()
print(server.server_address[1], encrypted.server_address[1], flush=True)
sys.stdin.read()
