FROM scratch
COPY bin/pause /pause
USER 65535:65535
ENTRYPOINT [ "/pause" ]
