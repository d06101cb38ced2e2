"""The two certificate authorities of the local cloud.

`aws-ca.pem` stands for Amazon's public one: it signs what the egress proxy shows for `*.amazonaws.com`.
`corp-ca.pem` is the company's own: it signs the search server's certificate. Keys stay in the state folder.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path

import certifi
import trustme


@dataclass
class Authority:
    """One certificate authority; `server_context` answers for any host name, each certificate made once."""

    ca: trustme.CA
    certificate_file: Path
    _contexts: dict[str, ssl.SSLContext] = field(default_factory=dict)

    @classmethod
    def load_or_create(cls, folder: Path, name: str) -> Authority:
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        if not (certificate.exists() and key.exists()):
            _write_new(certificate, key, name)
        return cls(trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes()), certificate)

    def server_context(self, *hosts: str) -> ssl.SSLContext:
        """TLS context of a server with these host names or addresses (subject alternative names)."""
        name = ",".join(hosts)
        if name not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            self.ca.issue_cert(*hosts, key_type=trustme.KeyType.ECDSA).configure_cert(context)
            self._contexts[name] = context
        return self._contexts[name]


def _write_new(certificate: Path, key: Path, name: str) -> None:
    certificate.parent.mkdir(parents=True, exist_ok=True)
    ca = trustme.CA(organization_name="private-rag local cloud", organization_unit_name=name)
    key.touch(mode=0o600)
    ca.private_key_pem.write_to_path(key)
    ca.cert_pem.write_to_path(certificate)


@dataclass(frozen=True)
class Pki:
    """Both authorities, and the bundle that processes of the local cloud trust."""

    aws: Authority
    corporate: Authority
    bundle_file: Path
    """What a runtime's system trust is on AWS: the public authorities and ours for AWS; NOT the company's."""

    @classmethod
    def load_or_create(cls, folder: Path) -> Pki:
        aws = Authority.load_or_create(folder, "aws-ca")
        corporate = Authority.load_or_create(folder, "corp-ca")
        bundle = folder / "bundle.pem"
        bundle.write_bytes(aws.certificate_file.read_bytes() + Path(certifi.where()).read_bytes())
        return cls(aws, corporate, bundle)

    def server_context(self, host: str) -> ssl.SSLContext:
        """What a server of that name shows: Amazon's authority signs AWS's names, the company's all others."""
        authority = self.aws if host.endswith(".amazonaws.com") else self.corporate
        return authority.server_context(host)
