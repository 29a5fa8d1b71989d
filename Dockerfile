# The bot in a container. docs/operations.md says what was checked of this file, and what was not.
FROM python:3.12-slim AS build
WORKDIR /src
# What changes seldom comes first, so that a change of our own code installs nothing anew.
COPY requirements/app.txt requirements/app.txt
RUN python -m venv /opt/onboard \
    && /opt/onboard/bin/python -m pip install --no-cache-dir --require-hashes -r requirements/app.txt \
    && /opt/onboard/bin/python -m pip install --no-cache-dir "setuptools>=77"
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY integrations integrations
RUN /opt/onboard/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --create-home --home-dir /var/lib/onboard --uid 10001 onboard
COPY --from=build /opt/onboard /opt/onboard
ENV PATH=/opt/onboard/bin:$PATH PYTHONUNBUFFERED=1 LOG_FORMAT=json MALLOC_ARENA_MAX=2
USER onboard
WORKDIR /var/lib/onboard
EXPOSE 3000
# /readyz: the process answers, its scheduler beats, and it reaches its database.
HEALTHCHECK --interval=15s --timeout=8s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT', 3000)}/readyz\", timeout=6)"]
# It waits for a database that is away, and stops politely on SIGTERM within 40 seconds.
STOPSIGNAL SIGTERM
CMD ["onboard", "serve"]
