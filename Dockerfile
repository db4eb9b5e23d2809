# Vitrine in a container: the same make targets as on a machine. Models are fetched at the first start, into the volume.
FROM python:3.12-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends make \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 vitrine \
 && install -d -o vitrine -g vitrine /app /home/vitrine/.cache/vitrine
USER vitrine
WORKDIR /app

# On Linux the usual torch wheel brings CUDA, gigabytes of it. An index with CPU wheels may be named: --build-arg PIP_EXTRA_INDEX_URL=...
ARG PIP_EXTRA_INDEX_URL
# Packages before source, so that a changed page does not install them anew.
COPY --chown=vitrine:vitrine Makefile requirements.txt requirements-dev.txt constraints.txt ./
RUN PIP_NO_CACHE_DIR=1 make .venv/ready
COPY --chown=vitrine:vitrine . .
# COPY may give the requirements a newer date than the stamp; they are the same, and the next start must install nothing.
RUN touch .venv/ready

# Inside a container the loopback address would be out of reach; who may reach the port is decided where it is published.
ENV ADDRESS=0.0.0.0 PORT=8501 PACK=standard PYTHONUNBUFFERED=1
VOLUME /home/vitrine/.cache/vitrine
EXPOSE 8501
# Checks the machine, fetches PACK into the volume unless it is there, and serves. compose.yaml has the health check.
CMD ["make", "demo"]
