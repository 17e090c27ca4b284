"""The server as it runs in production, with nginx and its cache in front."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.running import start
from tests.cli.test_serving import Answer, free_port, wait_until_it_answers
from tests.databases import url_of

HOST = "127.0.0.1"
TIMEOUT = 30  # seconds
NGINX = shutil.which("nginx")
needs_nginx = pytest.mark.skipif(NGINX is None, reason="no nginx: apt-get install nginx-light")

# Two ways to put a cache in front. `honouring` keeps what may be kept. `keeping` keeps everything
# that was not asked for with a token or a cookie for a minute, whatever the catalog says.
CONFIGURATION = """
worker_processes 1;
daemon off;
pid FOLDER/nginx.pid;
error_log FOLDER/nginx.log;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path FOLDER/body;
  proxy_temp_path FOLDER/proxy;
  fastcgi_temp_path FOLDER/fastcgi;
  uwsgi_temp_path FOLDER/uwsgi;
  scgi_temp_path FOLDER/scgi;
  proxy_cache_path FOLDER/honouring keys_zone=honouring:1m;
  proxy_cache_path FOLDER/keeping keys_zone=keeping:1m;
  upstream catalog { server 127.0.0.1:CATALOG; keepalive 4; }
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $host;
  add_header X-Cache $upstream_cache_status always;
  server {
    listen 127.0.0.1:HONOURING;
    location / { proxy_pass http://catalog; proxy_cache honouring; proxy_cache_revalidate on; }
  }
  server {
    listen 127.0.0.1:KEEPING;
    location / {
      proxy_pass http://catalog;
      proxy_cache keeping;
      proxy_ignore_headers Cache-Control Expires;
      proxy_cache_valid 200 303 400 404 1m;
      proxy_cache_bypass $http_authorization $http_cookie;
      proxy_no_cache $http_authorization $http_cookie;
    }
  }
}
"""


@dataclass(frozen=True)
class Site:
    """The ports of a catalog and of the caches in front of it."""

    catalog: int
    honouring: int
    keeping: int

    @staticmethod
    def ask(port: int, method: str, address: str, headers: Mapping[str, str]) -> Answer:
        """The answer to one request on a connection of its own, with no headers but these."""
        connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)
        try:
            connection.putrequest(method, address, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    @staticmethod
    def send(port: int, raw: bytes, seconds: float = 0.5) -> bytes:
        """All that comes back for these bytes, until nothing more comes for so long."""
        with socket.create_connection((HOST, port), TIMEOUT) as connection:
            connection.sendall(raw)
            connection.settimeout(seconds)
            came = b""
            try:
                while piece := connection.recv(65_536):
                    came += piece
            except OSError:
                # Silence, or a connection that was broken off.
                return came
            return came


@contextmanager
def running(file: Path, folder: Path, **settings: str) -> Iterator[Site]:
    """The catalog in a file, served with these settings, and nginx in front of it."""
    site = Site(free_port(), free_port(), free_port())
    own = {"PORT": str(site.catalog), "LOG_LEVEL": "WARNING", **settings}
    with (folder / "log").open("w") as log:
        server = start(url_of(file), "serve", settings=own, stdout=log, stderr=log)
        try:
            wait_until_it_answers(server, site.catalog)
            with _caching(site):
                yield site
        finally:
            server.terminate()
            server.wait(TIMEOUT)


@contextmanager
def _caching(site: Site) -> Iterator[None]:
    """Run nginx, in a folder that its workers may enter, whoever they run as."""
    assert NGINX is not None
    with TemporaryDirectory(prefix="error-catalog-nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "nginx.conf").write_text(_configuration(site, folder))
        with (folder / "log").open("w") as log:
            nginx = subprocess.Popen(
                [NGINX, "-c", str(folder / "nginx.conf")], stderr=log, text=True
            )
            try:
                for port in (site.honouring, site.keeping):
                    wait_until_it_answers(nginx, port)
                yield
            finally:
                nginx.terminate()
                nginx.wait(TIMEOUT)


def _configuration(site: Site, folder: Path) -> str:
    configuration = CONFIGURATION.replace("FOLDER", str(folder))
    for name in ("catalog", "honouring", "keeping"):
        configuration = configuration.replace(f":{name.upper()}", f":{getattr(site, name)}")
    return configuration
