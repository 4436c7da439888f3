# Knuff in a small image: the program and its pinned packages, nothing to build or test with.
# `make image-steps` runs these very steps on a clean root where no engine is at hand.

FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements-build.lock
RUN python -m venv --without-pip /opt/knuff \
 && /opt/build/bin/pip --python /opt/knuff/bin/python install --no-cache-dir --no-deps --require-hashes -r requirements.lock
# What the pretend workplace draws Teams' cards with. Node is of this stage only.
COPY package.json package-lock.json .npmrc requirements-node.lock ./
COPY tools/page_assets tools/page_assets
RUN tools/page_assets /opt/build/bin/python --omit=dev
COPY pyproject.toml README.md LICENSE LICENSE-CONTENT ./
COPY bot bot
COPY lessons lessons
COPY scheduler scheduler
COPY storage storage
COPY workplace workplace
RUN /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /opt/wheels . \
 && /opt/build/bin/pip --python /opt/knuff/bin/python install --no-cache-dir --no-deps --no-index /opt/wheels/*.whl

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin knuff \
 && install --directory --owner knuff --group knuff --mode 0700 /data
COPY --from=build /opt/knuff /opt/knuff
ENV PATH=/opt/knuff/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    KNUFF_HOST=0.0.0.0 \
    KNUFF_PORT=8000 \
    KNUFF_DATABASE_URL=sqlite:////data/knuff.db
USER knuff
WORKDIR /data
VOLUME /data
EXPOSE 8000
# /health, not /ready: a restart mends a process that no longer answers, and neither Slack nor a database that is away.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"KNUFF_PORT\"]}/health', timeout=4)"]
CMD ["knuff", "serve"]
