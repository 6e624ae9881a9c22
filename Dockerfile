# Build:  docker build -t folkmoot .
# Run:    docker run -d --name folkmoot -v folkmoot:/data -e FOLKMOOT_DISCORD__TOKEN folkmoot
# Put config.toml into the volume first. A folder of the host in its place must belong to user 10001.

FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY core core
COPY bot bot
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
 && python -m venv /opt/folkmoot \
 && /opt/folkmoot/bin/pip install --no-cache-dir /wheels/*.whl

FROM python:3.11-slim
COPY --from=build /opt/folkmoot /opt/folkmoot
ENV PATH="/opt/folkmoot/bin:$PATH" \
    PYTHONUNBUFFERED=1
# The folder must belong to the user before VOLUME: a new volume takes its owner from here.
RUN useradd --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin folkmoot \
 && install -d -o folkmoot -g folkmoot -m 0750 /data
USER folkmoot
# The default database url is relative, so it is /data/folkmoot.db: in the volume.
WORKDIR /data
VOLUME /data

# The same configuration as the bot, so that the same database is asked.
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 \
    CMD ["folkmoot", "check", "--alive", "--config", "/data/config.toml"]
# What was accepted is committed and answered before the bot leaves.
STOPSIGNAL SIGTERM
ENTRYPOINT ["folkmoot"]
CMD ["run", "--config", "/data/config.toml"]
