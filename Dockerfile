# Two stages: the first installs from the lock, the second holds only what serves.
FROM python:3.11-slim AS build
# The address of a nearer package index, where there is one: docker build --build-arg PIP_INDEX_URL=...
ARG PIP_INDEX_URL
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/guiyan
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --require-hashes -r requirements.lock
COPY . .
# Editable, because the catalogue is read from beside app/. A wrong catalogue makes no image.
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation -e . \
    && /opt/venv/bin/python -m compileall -q app \
    && /opt/venv/bin/guiyan check

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /srv/guiyan
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/guiyan /srv/guiyan
# data/ holds the embedded database when no GUIYAN_DATABASE_URL is given: mount a volume there.
RUN useradd --system --uid 10001 guiyan && install -d -o guiyan -g guiyan data
USER guiyan
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["guiyan", "serve", "--host", "0.0.0.0", "--port", "8000"]
