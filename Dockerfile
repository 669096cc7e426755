# Steps are proved without an engine as docs/runbook.md says.
FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements.lock .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /app folkmoot
COPY --from=build /venv /venv
WORKDIR /app
COPY api api
COPY schema schema
COPY actions actions
COPY db db
COPY domain domain
COPY planner planner
COPY counting counting
COPY data data
COPY docs docs
ENV PYTHONPATH=/app PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOST=0.0.0.0 VAR=/tmp/folkmoot
USER folkmoot
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["/venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
ENTRYPOINT ["/venv/bin/python", "-m", "api"]
CMD ["serve"]
